import { at, valuesRule } from './values-rule.js';

export const zookeeperPlaintext = valuesRule(
  {
    code: 'ZooKeeperPlaintext',
    group: 'encryption',
    severity: 'warning',
    happens:
      'Every pod may read and change the metadata of Pulsar on 2181, without a certificate and past every grant.',
    why: 'With TLS on, ZooKeeper listens on 2281 besides 2181, not instead of it; nothing of the chart needs 2181 then.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/706',
    examples: {
      bad: { values: 'tls: { enabled: true, zookeeper: { enabled: true } }' },
      good: {
        values: `tls: { enabled: true, zookeeper: { enabled: true } }
zookeeper:
  additionalCommand: sed -i -e '/^clientPort=/d' -e 's/^admin.enableServer=.*/admin.enableServer=false/' conf/zookeeper.conf`,
      },
    },
  },
  values =>
    values.runs('zookeeper') &&
    values.tls('zookeeper') &&
    !/clientPort/.test(values.text('zookeeper.additionalCommand') ?? '')
      ? [
          {
            path: at('zookeeper.additionalCommand'),
            message: 'ZooKeeper still listens on 2181 in plain',
            saw: values.text('zookeeper.additionalCommand') ?? 'nothing',
            want: 'a command that takes clientPort out of conf/zookeeper.conf; at least a NetworkPolicy',
          },
        ]
      : [],
);
