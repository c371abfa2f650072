import type { ClusterPlan } from '../../../platform/plan/index.js';
import { type Alert, critical, warning } from './alert.js';

export function serviceAlerts({ workloads }: ClusterPlan): Alert[] {
  const webInside = workloads.some(({ name, pods }) => name === 'web' && pods !== undefined);
  const answers = (labels: string) => `sum(rate(service_http_requests_total{service="web"${labels}}[5m]))`;
  return [
    ...(webInside
      ? [
          critical('WebErrors', `${answers(', status="5xx"')} / ${answers('')} > 0.02`, '10m', {
            summary: '{{ $value | humanizePercentage }} of the answers of web are errors of its own',
          }),
        ]
      : []),
    warning('ServiceNotReady', 'service_ready == 0', '10m', {
      summary: '{{ $labels.service }} in {{ $labels.pod }} misses something that it depends on',
      description: 'GET /ready of the service says what.',
    }),
    warning(
      'MessagesFail',
      'sum by (service, code) (increase(service_messages_total{outcome="failed"}[30m])) > 0',
      '5m',
      { summary: '{{ $labels.service }} gave messages up: {{ $labels.code }}' },
    ),
  ];
}
