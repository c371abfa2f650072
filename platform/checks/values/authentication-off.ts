import { at, valuesRule } from './values-rule.js';

export const authenticationOff = valuesRule(
  {
    code: 'AuthenticationOff',
    group: 'access',
    severity: 'warning',
    happens: 'Whoever reaches a port may read, write and delete every topic, tenants included.',
    why: 'The chart authenticates nobody by default.',
    source: 'https://pulsar.apache.org/docs/4.0.x/security-overview/',
    examples: {
      bad: { values: 'auth: { authentication: { enabled: false } }' },
      good: { values: 'auth: { authentication: { enabled: true }, authorization: { enabled: true } }' },
    },
  },
  values =>
    values.isOn('auth.authentication.enabled')
      ? []
      : [
          {
            path: at('auth.authentication.enabled'),
            message: 'nobody has to say who they are',
            saw: false,
            want: 'true, with jwt or openid',
          },
        ],
);
