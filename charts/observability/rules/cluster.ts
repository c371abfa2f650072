import type { ClusterPlan } from '../../../platform/plan/index.js';
import { namespacesOf } from '../../namespaces/index.js';
import { type Alert, critical, warning } from './alert.js';

const DISK = 'by (namespace, persistentvolumeclaim)';

export function clusterAlerts(plan: ClusterPlan): Alert[] {
  const here = `namespace=~"${namespacesOf(plan).join('|')}"`;
  const free = `min ${DISK} (kubelet_volume_stats_available_bytes{${here}} / kubelet_volume_stats_capacity_bytes{${here}})`;
  const soon = `min ${DISK} (predict_linear(kubelet_volume_stats_available_bytes{${here}}[6h], 4 * 86400)) < 0`;
  return [
    warning('DiskFills', `${free} < 0.25 and ${soon}`, '1h', {
      summary: 'disk {{ $labels.persistentvolumeclaim }} will be full within four days',
      description:
        'Make it larger: pulsar.bookies.ledgersGiB, or observability.diskGiB; gp3 grows while it is used.',
    }),
    critical('DiskAlmostFull', `${free} < 0.07`, '5m', {
      summary: 'disk {{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} left',
      description: 'A bookie turns read-only at 95 % use.',
    }),
    warning('TargetAway', `up{${here}} == 0`, '15m', {
      summary: 'the metrics of {{ $labels.pod }} can not be read',
    }),
    warning('PodRestarts', `increase(kube_pod_container_status_restarts_total{${here}}[30m]) > 3`, '5m', {
      summary: '{{ $labels.namespace }}/{{ $labels.pod }} restarts again and again',
    }),
    warning(
      'PodWaits',
      `sum by (namespace, pod) (kube_pod_status_phase{${here}, phase="Pending"}) > 0`,
      '15m',
      {
        summary: '{{ $labels.namespace }}/{{ $labels.pod }} finds no node, or no image',
      },
    ),
  ];
}
