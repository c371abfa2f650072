import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import { valuesRule } from './values-rule.js';

/** Values name it so; labels so. */
const LABELS = {
  zookeeper: 'zookeeper',
  bookkeeper: 'bookie',
  autorecovery: 'recovery',
  broker: 'broker',
  proxy: 'proxy',
  toolset: 'toolset',
} as const;

export const spreadSelectsNothing = valuesRule(
  {
    code: 'SpreadSelectsNothing',
    group: 'durability',
    severity: 'error',
    happens:
      'The pods stand wherever there is room, often all in one zone; nothing says that the constraint counts no pod.',
    why: 'The values call them bookkeeper and autorecovery, the labels of their pods bookie and recovery.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/127',
    examples: {
      bad: {
        values: `broker:
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: topology.kubernetes.io/zone
      whenUnsatisfiable: DoNotSchedule
      labelSelector: { matchLabels: { component: brokers } }`,
      },
      good: {
        values: `broker:
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: topology.kubernetes.io/zone
      whenUnsatisfiable: DoNotSchedule
      labelSelector: { matchLabels: { component: broker } }`,
      },
    },
  },
  values =>
    Object.entries(LABELS).flatMap(([component, label]) => {
      const constraints = values.get(`${component}.topologySpreadConstraints`);
      if (!Array.isArray(constraints)) return [];
      return constraints.flatMap((constraint: unknown, index) => {
        const selector = valueAt(constraint, ['labelSelector', 'matchLabels']);
        const saw = isMapping(selector) ? selector['component'] : undefined;
        return saw === undefined || saw === label
          ? []
          : [
              {
                path: [
                  component,
                  'topologySpreadConstraints',
                  index,
                  'labelSelector',
                  'matchLabels',
                  'component',
                ],
                message: `the constraint of ${component} counts pods that do not exist`,
                saw,
                want: label,
              },
            ];
      });
    }),
);
