import { at, valuesRule } from './values-rule.js';

export const autoscalingToOne = valuesRule(
  {
    code: 'AutoscalingToOne',
    group: 'durability',
    severity: 'warning',
    happens: 'At night one pod is left; when its node goes, every topic or every client outside is away.',
    why: 'With autoscaling on, replicaCount no longer counts, and minReplicas of the chart is 1.',
    source:
      'https://github.com/apache/pulsar-helm-chart/blob/pulsar-4.7.0/charts/pulsar/templates/broker-hpa.yaml',
    examples: {
      bad: { values: 'broker: { replicaCount: 3, autoscaling: { enabled: true, maxReplicas: 6 } }' },
      good: { values: 'broker: { autoscaling: { enabled: true, minReplicas: 3, maxReplicas: 6 } }' },
    },
  },
  values =>
    (['broker', 'proxy'] as const)
      .filter(
        component =>
          values.isOn(`${component}.autoscaling.enabled`) &&
          (values.number(`${component}.autoscaling.minReplicas`) ?? 1) < 2,
      )
      .map(component => ({
        path: at(`${component}.autoscaling.minReplicas`),
        message: `${component} may be scaled down to one pod`,
        saw: values.number(`${component}.autoscaling.minReplicas`) ?? '1, the default',
        want: '>= 2',
      })),
);
