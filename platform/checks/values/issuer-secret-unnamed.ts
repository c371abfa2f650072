import { at, valuesRule } from './values-rule.js';

export const issuerSecretUnnamed = valuesRule(
  {
    code: 'IssuerSecretUnnamed',
    group: 'certificates',
    severity: 'error',
    happens: 'The chart does not render, or every pod waits for a volume that no Secret fills.',
    why: 'With an issuer of your own, the chart still mounts ca.crt from one Secret into every pod; it must be told which, and which issuer.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/629',
    examples: {
      bad: {
        values: 'tls: { enabled: true }\ncerts: { issuers: { ca: { name: company, kind: ClusterIssuer } } }',
      },
      good: {
        values:
          'tls: { enabled: true }\ncerts: { issuers: { ca: { name: company, kind: ClusterIssuer, secretName: company-roots } } }',
      },
    },
  },
  values =>
    values.isOn('tls.enabled') && !values.isOn('certs.internal_issuer.enabled')
      ? ['name', 'secretName']
          .filter(key => !values.text(`certs.issuers.ca.${key}`))
          .map(key => ({
            path: at(`certs.issuers.ca.${key}`),
            message: `TLS by an issuer of your own needs certs.issuers.ca.${key}`,
            saw: 'nothing',
            want: key === 'name' ? 'the name of the issuer' : 'the Secret whose ca.crt holds the roots',
          }))
      : [],
);
