import { at, valuesRule } from './values-rule.js';

export const antiAffinityOff = valuesRule(
  {
    code: 'AntiAffinityOff',
    group: 'durability',
    severity: 'warning',
    happens: 'Two bookies share a node: its loss takes two copies of a message at once.',
    why: 'Only anti-affinity keeps them apart; the scheduler packs where there is room.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/127',
    examples: {
      bad: { values: 'bookkeeper: { affinity: { anti_affinity: false } }' },
      good: { values: 'bookkeeper: { affinity: { anti_affinity: true } }' },
    },
  },
  values =>
    (['zookeeper', 'bookkeeper'] as const).flatMap(component => {
      const off = ['affinity.anti_affinity', `${component}.affinity.anti_affinity`].find(
        path => values.get(path) === false,
      );
      return off === undefined ||
        !values.runs(component) ||
        (values.number(`${component}.replicaCount`) ?? 1) < 2
        ? []
        : [
            {
              path: at(off),
              message: `two pods of ${component} may stand on one node`,
              saw: false,
              want: 'true',
            },
          ];
    }),
);
