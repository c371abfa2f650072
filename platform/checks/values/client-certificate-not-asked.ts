import { valuesRule } from './values-rule.js';

export const clientCertificateNotAsked = valuesRule(
  {
    code: 'ClientCertificateNotAsked',
    group: 'access',
    severity: 'info',
    happens:
      'A token that leaks, by a log or a dump, is enough to be that role from anywhere that reaches the port.',
    why: 'TLS of the chart is for servers only; mutual TLS is a setting of broker and proxy, with certificates for the clients inside.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/84',
    examples: {
      bad: { values: 'tls: { enabled: true, broker: { enabled: true }, proxy: { enabled: true } }' },
      good: {
        values: `tls: { enabled: true, broker: { enabled: true }, proxy: { enabled: true } }
broker: { configData: { PULSAR_PREFIX_tlsRequireTrustedClientCertOnConnect: "true" } }
proxy: { configData: { PULSAR_PREFIX_tlsRequireTrustedClientCertOnConnect: "true" } }`,
      },
    },
  },
  values =>
    (['broker', 'proxy'] as const)
      .filter(
        component =>
          values.tls(component) &&
          values.setting(component, 'tlsRequireTrustedClientCertOnConnect') !== 'true',
      )
      .map(component => ({
        path: values.settingPath(component, 'tlsRequireTrustedClientCertOnConnect'),
        message: `clients of the ${component} need no certificate, a token is enough`,
        saw: values.setting(component, 'tlsRequireTrustedClientCertOnConnect') ?? 'false, the default',
        want: 'PULSAR_PREFIX_tlsRequireTrustedClientCertOnConnect: "true"',
      })),
);
