import { at, valuesRule } from './values-rule.js';

export const caRekeyed = valuesRule(
  {
    code: 'CaRekeyed',
    group: 'certificates',
    severity: 'error',
    happens:
      'About every 75 days the authority gets another key, and the cluster is down until every leaf is new and loaded: brokers, bookies and proxies refuse each other.',
    why: 'cert-manager makes a new key at each renewal unless the rotation policy is Never; the chart signs leaves with that one certificate and trusts it alone.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/708',
    examples: {
      bad: {
        values:
          'tls: { enabled: true }\ncerts: { internal_issuer: { enabled: true, privateKey: { rotationPolicy: Always } } }',
      },
      good: { values: 'tls: { enabled: true }\ncerts: { internal_issuer: { enabled: true } }' },
    },
  },
  values =>
    values.isOn('tls.enabled') &&
    values.isOn('certs.internal_issuer.enabled') &&
    values.text('certs.internal_issuer.privateKey.rotationPolicy') === 'Always'
      ? [
          {
            path: at('certs.internal_issuer.privateKey.rotationPolicy'),
            message: 'each renewal of the authority replaces its key, which nobody trusts yet',
            saw: 'Always',
            want: 'Never, or an issuer outside with a bundle of roots',
          },
        ]
      : [],
);
