import { at, valuesRule } from './values-rule.js';

export const jwtGenerated = valuesRule(
  {
    code: 'JwtGenerated',
    group: 'access',
    severity: 'warning',
    happens:
      'The key that signs every token lies in the namespace of Pulsar, super users that are added later get no token, and GitOps tools never run the job.',
    why: 'The chart makes keys and tokens by a hook that may read and write every Secret of the namespace, and looks up what is there already.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/672',
    examples: {
      bad: {
        values:
          'auth: { authentication: { enabled: true, jwt: { enabled: true, generateSecrets: { enabled: true } } } }',
      },
      good: { values: 'auth: { authentication: { enabled: true, jwt: { enabled: true } } }' },
    },
  },
  values =>
    values.isOn('auth.authentication.jwt.enabled') &&
    values.isOn('auth.authentication.jwt.generateSecrets.enabled')
      ? [
          {
            path: at('auth.authentication.jwt.generateSecrets.enabled'),
            message: 'the chart generates the keys and tokens of the cluster in the cluster',
            saw: true,
            want: 'false, and Secrets that you supply',
          },
        ]
      : [],
);
