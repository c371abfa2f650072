import { at, valuesRule } from './values-rule.js';

export const authorizationOff = valuesRule(
  {
    code: 'AuthorizationOff',
    group: 'access',
    severity: 'error',
    happens: 'Every token opens everything: a client of one topic may delete the tenant of another.',
    why: 'Authentication only asks who somebody is; grants are looked at only with authorization on, a switch of its own.',
    source: 'https://pulsar.apache.org/docs/4.0.x/security-authorization/',
    examples: {
      bad: { values: 'auth: { authentication: { enabled: true } }' },
      good: { values: 'auth: { authentication: { enabled: true }, authorization: { enabled: true } }' },
    },
  },
  values =>
    values.isOn('auth.authentication.enabled') && !values.isOn('auth.authorization.enabled')
      ? [
          {
            path: at('auth.authorization.enabled'),
            message: 'clients say who they are, and may do everything',
            saw: false,
            want: 'true',
          },
        ]
      : [],
);
