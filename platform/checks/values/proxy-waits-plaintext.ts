import { at, valuesRule } from './values-rule.js';

export const proxyWaitsPlaintext = valuesRule(
  {
    code: 'ProxyWaitsPlaintext',
    group: 'encryption',
    severity: 'warning',
    happens:
      'As soon as 2181 is closed, by a policy or in ZooKeeper, new proxies hang in their init container for ten minutes and fail.',
    why: 'The init container wait-zookeeper-ready of the proxy asks on 2181, also with TLS on.',
    source:
      'https://github.com/apache/pulsar-helm-chart/blob/pulsar-4.7.0/charts/pulsar/templates/proxy-statefulset.yaml',
    examples: {
      bad: { values: 'tls: { enabled: true, zookeeper: { enabled: true } }' },
      good: {
        values: 'tls: { enabled: true, zookeeper: { enabled: true } }\nproxy: { waitZookeeperTimeout: 0 }',
      },
    },
  },
  values =>
    values.runs('proxy') &&
    values.runs('zookeeper') &&
    values.tls('zookeeper') &&
    (values.number('proxy.waitZookeeperTimeout') ?? 0) > 0
      ? [
          {
            path: at('proxy.waitZookeeperTimeout'),
            message: 'an init container of the proxy needs the plain port of ZooKeeper',
            saw: values.number('proxy.waitZookeeperTimeout'),
            want: '0',
          },
        ]
      : [],
);
