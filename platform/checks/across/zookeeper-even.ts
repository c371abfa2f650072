import { define } from '../define.js';
import { at } from '../values/values-rule.js';

export const zookeeperEven = define(
  {
    code: 'ZooKeeperEven',
    group: 'durability',
    severity: 'error',
    happens:
      'Four servers survive the loss of one, as three do, and there is one more that can fail; two are down when one is.',
    why: 'More than half of the servers must agree.',
    source: 'https://zookeeper.apache.org/doc/r3.9.4/zookeeperAdmin.html#sc_zkMulitServerSetup',
    examples: {
      bad: { values: 'zookeeper: { replicaCount: 4 }' },
      good: { values: 'zookeeper: { replicaCount: 5 }' },
    },
  },
  {
    config: true,
    values: values => {
      const replicas = values.number('zookeeper.replicaCount') ?? 1;
      return values.runs('zookeeper') && replicas > 0 && replicas % 2 === 0
        ? [
            {
              path: at('zookeeper.replicaCount'),
              message: `${replicas} ZooKeepers bear no more losses than ${replicas - 1}`,
              saw: replicas,
              want: 'an odd number',
            },
          ]
        : [];
    },
  },
);
