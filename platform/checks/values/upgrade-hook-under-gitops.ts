import { at, valuesRule } from './values-rule.js';

export const upgradeHookUnderGitops = valuesRule(
  {
    code: 'UpgradeHookUnderGitops',
    group: 'upgrades',
    severity: 'warning',
    happens:
      'A GitOps tool runs the hook at a time of its own, or at every synchronisation: it deletes the StatefulSets of ZooKeeper and brokers.',
    why: 'The chart replaces StatefulSets by a pre-upgrade hook, and `helm template` prints hooks like everything else. useReleaseStatus: false says that it is not Helm that installs.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/649',
    examples: {
      bad: { values: 'useReleaseStatus: false' },
      good: {
        values:
          'useReleaseStatus: false\nzookeeper: { statefulsetUpgrade: { enabled: false } }\nbroker: { statefulsetUpgrade: { enabled: false } }',
      },
    },
  },
  values =>
    values.get('useReleaseStatus') === false
      ? (['zookeeper', 'broker'] as const)
          .filter(
            component => values.runs(component) && values.isOn(`${component}.statefulsetUpgrade.enabled`),
          )
          .map(component => ({
            path: at(`${component}.statefulsetUpgrade.enabled`),
            message: `a hook that deletes the StatefulSet of ${component} is rendered for a tool that is not Helm`,
            saw: true,
            want: 'false',
          }))
      : [],
);
