import { valuesRule } from './values-rule.js';

export const recoveryPlaintext = valuesRule(
  {
    code: 'RecoveryPlaintext',
    group: 'encryption',
    severity: 'error',
    happens:
      'Whenever a bookie is lost, the copies of its ledgers cross the network in plain; on bookies that demand TLS, recovery fails and copies stay missing.',
    why: 'The chart gives autorecovery a certificate, but no TLS settings for its own client, and a version of the wire protocol that has no TLS.',
    source:
      'https://github.com/apache/pulsar-helm-chart/blob/pulsar-4.7.0/charts/pulsar/templates/autorecovery-configmap.yaml',
    examples: {
      bad: { values: 'tls: { enabled: true, bookie: { enabled: true } }' },
      good: {
        values: `tls: { enabled: true, bookie: { enabled: true } }
autorecovery:
  configData:
    PULSAR_PREFIX_useV2WireProtocol: "false"
    PULSAR_PREFIX_tlsProviderFactoryClass: org.apache.bookkeeper.tls.TLSContextFactory`,
      },
    },
  },
  values => {
    if (!values.runs('autorecovery') || !values.tls('bookie')) return [];
    const factory = values.setting('autorecovery', 'tlsProviderFactoryClass');
    const v2 = values.setting('autorecovery', 'useV2WireProtocol');
    if (factory && v2 === 'false') return [];
    const key = factory ? 'useV2WireProtocol' : 'tlsProviderFactoryClass';
    return [
      {
        path: values.settingPath('autorecovery', key),
        message: 'autorecovery dials bookies without TLS',
        saw: factory ? `useV2WireProtocol: ${v2}` : 'no tlsProviderFactoryClass',
        want: 'useV2WireProtocol: "false" and TLSContextFactory with its files, each with PULSAR_PREFIX_',
      },
    ];
  },
);
