import { valuesRule } from './values-rule.js';

export const brokerClientPlaintext = valuesRule(
  {
    code: 'BrokerClientPlaintext',
    group: 'encryption',
    severity: 'error',
    happens:
      'Brokers that dial each other (system topics, WebSocket, replication) use 6650 in plain, or fail once that port is closed.',
    why: 'The client inside the broker has a TLS switch of its own; the chart does not set it.',
    source: 'https://pulsar.apache.org/docs/4.0.x/security-tls-transport/',
    examples: {
      bad: { values: 'tls: { enabled: true, broker: { enabled: true } }' },
      good: {
        values:
          'tls: { enabled: true, broker: { enabled: true } }\nbroker: { configData: { brokerClientTlsEnabled: "true", brokerClientTrustCertsFilePath: /pulsar/certs/ca/ca.crt } }',
      },
    },
  },
  values =>
    values.tls('broker') && values.setting('broker', 'brokerClientTlsEnabled') !== 'true'
      ? [
          {
            path: values.settingPath('broker', 'brokerClientTlsEnabled'),
            message: 'the client inside each broker does not use TLS',
            saw: values.setting('broker', 'brokerClientTlsEnabled') ?? 'false, the default',
            want: 'brokerClientTlsEnabled: "true" and brokerClientTrustCertsFilePath',
          },
        ]
      : [],
);
