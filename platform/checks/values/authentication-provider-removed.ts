import { at, valuesRule } from './values-rule.js';

export const authenticationProviderRemoved = valuesRule(
  {
    code: 'AuthenticationProviderRemoved',
    group: 'chart values',
    severity: 'error',
    happens: 'The upgrade to chart 4.1 or newer does not render.',
    why: 'One provider became several: jwt and openid have switches of their own.',
    source:
      'https://github.com/apache/pulsar-helm-chart/blob/pulsar-4.7.0/charts/pulsar/templates/_values_validation.tpl',
    examples: {
      bad: {
        values:
          'auth: { authentication: { enabled: true, provider: jwt }, authorization: { enabled: true } }',
      },
      good: {
        values:
          'auth: { authentication: { enabled: true, jwt: { enabled: true } }, authorization: { enabled: true } }',
      },
    },
  },
  values =>
    values.isOn('auth.authentication.enabled') && values.text('auth.authentication.provider')
      ? [
          {
            path: at('auth.authentication.provider'),
            message: 'the chart refuses auth.authentication.provider since 4.1',
            saw: values.text('auth.authentication.provider'),
            want: 'auth.authentication.jwt.enabled: true',
          },
        ]
      : [],
);
