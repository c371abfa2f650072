import { at, valuesRule } from './values-rule.js';

export const metadataPrefixWithTls = valuesRule(
  {
    code: 'MetadataPrefixWithTls',
    group: 'upgrades',
    severity: 'error',
    happens:
      'The first installation never ends: bookie-init waits for ZooKeeper on a port that is closed or plain.',
    why: 'With a metadata prefix, the init job of the chart 4.7.0 makes its path through the plain port, whatever TLS says.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/706',
    examples: {
      bad: { values: 'metadataPrefix: /pulsar\ntls: { enabled: true, zookeeper: { enabled: true } }' },
      good: { values: 'metadataPrefix: ""\ntls: { enabled: true, zookeeper: { enabled: true } }' },
    },
  },
  values => {
    const prefix = values.text('metadataPrefix') ?? '';
    return prefix !== '' && values.runs('zookeeper') && values.tls('zookeeper')
      ? [
          {
            path: at('metadataPrefix'),
            message: 'the init job makes this path through the plain port of ZooKeeper',
            saw: prefix,
            want: 'an empty prefix',
          },
        ]
      : [];
  },
);
