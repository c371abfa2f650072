import { valuesRule } from './values-rule.js';

export const zookeeperQuorumPlaintext = valuesRule(
  {
    code: 'ZooKeeperQuorumPlaintext',
    group: 'encryption',
    severity: 'warning',
    happens:
      'The whole metadata crosses zones in plain between ZooKeepers, and any pod may join their election on 2888 and 3888.',
    why: 'TLS between servers is a setting of its own, sslQuorum, which the chart does not set.',
    source: 'https://zookeeper.apache.org/doc/r3.9.4/zookeeperAdmin.html#Quorum+TLS',
    examples: {
      bad: { values: 'tls: { enabled: true, zookeeper: { enabled: true } }' },
      good: {
        values:
          'tls: { enabled: true, zookeeper: { enabled: true } }\nzookeeper: { configData: { PULSAR_PREFIX_sslQuorum: "true" } }',
      },
    },
  },
  values =>
    values.runs('zookeeper') &&
    values.tls('zookeeper') &&
    (values.number('zookeeper.replicaCount') ?? 1) > 1 &&
    values.setting('zookeeper', 'sslQuorum') !== 'true'
      ? [
          {
            path: values.settingPath('zookeeper', 'sslQuorum'),
            message: 'ZooKeepers talk to each other in plain',
            saw: values.setting('zookeeper', 'sslQuorum') ?? 'false, the default',
            want: 'PULSAR_PREFIX_sslQuorum: "true", with key and trust store in OPTS',
          },
        ]
      : [],
);
