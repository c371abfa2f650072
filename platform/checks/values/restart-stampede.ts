import { at, valuesRule } from './values-rule.js';

const STATEFUL = ['zookeeper', 'bookkeeper', 'broker', 'proxy'] as const;

export const restartStampede = valuesRule(
  {
    code: 'RestartStampede',
    group: 'upgrades',
    severity: 'warning',
    happens:
      'One changed value restarts ZooKeeper, bookies and brokers at the same time: topics are away for minutes, clients storm the rest.',
    why: 'With restartPodsOnConfigMapChange each StatefulSet rolls as soon as Helm has applied it; none waits for another.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/668',
    examples: {
      bad: {
        values:
          'zookeeper: { restartPodsOnConfigMapChange: true }\nbookkeeper: { restartPodsOnConfigMapChange: true }\nbroker: { restartPodsOnConfigMapChange: true }',
      },
      good: { values: 'proxy: { restartPodsOnConfigMapChange: true }' },
    },
  },
  values => {
    const rolling = STATEFUL.filter(
      component =>
        values.isOn(`${component}.restartPodsOnConfigMapChange`) &&
        values.text(`${component}.updateStrategy.type`) !== 'OnDelete',
    );
    const [, second] = rolling;
    return second === undefined
      ? []
      : [
          {
            path: at(`${second}.restartPodsOnConfigMapChange`),
            message: `${rolling.join(', ')} restart together when a value changes`,
            saw: rolling.join(', '),
            want: 'at most one of them, or updateStrategy OnDelete and an ordered roll',
          },
        ];
  },
);
