import type { Problem } from '../rule.js';
import { at, valuesRule } from './values-rule.js';

const SWITCHES = [
  ['volumes.persistence', 'no component'],
  ['bookkeeper.volumes.persistence', 'no bookie'],
  ['zookeeper.volumes.persistence', 'no ZooKeeper'],
] as const;

export const persistenceOff = valuesRule(
  {
    code: 'PersistenceOff',
    group: 'durability',
    severity: 'error',
    happens:
      'A bookie pod that is deleted, moved or upgraded loses its ledgers; when all were, everything is gone, metadata included.',
    why: 'Without persistence the chart gives its StatefulSets emptyDir volumes, which end with the pod.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/139',
    examples: {
      bad: { values: 'volumes: { persistence: false }' },
      good: { values: 'volumes: { persistence: true }' },
    },
  },
  values => {
    const off = SWITCHES.filter(([path]) => values.get(path) === false).map(
      ([path, who]): Problem => ({
        path: at(path),
        message: `${who} keeps its data when its pod is replaced`,
        saw: false,
        want: 'true',
      }),
    );
    // The switch for all covers the others.
    return off.slice(0, values.get('volumes.persistence') === false ? 1 : undefined);
  },
);
