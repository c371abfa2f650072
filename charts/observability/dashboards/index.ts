import { type ClusterPlan, REPLAY_SUBSCRIPTION } from '../../../platform/plan/index.js';
import { type Board, board } from './board.js';

export { type Board, DATA_SOURCE } from './board.js';

/** ConfigMap that holds them, a file each. */
export const DASHBOARDS = 'platform-dashboards';

export function dashboards(plan: ClusterPlan): Board[] {
  return [messages(plan), storage(), trust()];
}

function messages({ config }: ClusterPlan): Board {
  const { tenant, namespace } = config.pulsar;
  const ours = `topic=~"persistent://${tenant}/${namespace}/.+"`;
  return board('messages', 'Messages', [
    {
      title: 'Messages a second, in',
      queries: [{ expr: `sum by (topic) (pulsar_rate_in{${ours}})`, legend: '{{topic}}' }],
    },
    {
      title: 'Messages that wait',
      queries: [
        {
          expr: `sum by (topic, subscription) (pulsar_subscription_back_log{${ours}, subscription!="${REPLAY_SUBSCRIPTION}"})`,
          legend: '{{subscription}} {{topic}}',
        },
      ],
    },
    {
      title: 'Given up',
      type: 'stat',
      queries: [
        {
          expr: `sum by (topic) (pulsar_subscription_back_log{${ours}, subscription="${REPLAY_SUBSCRIPTION}"})`,
          legend: '{{topic}}',
        },
      ],
    },
    {
      title: 'What came of messages',
      queries: [
        {
          expr: 'sum by (service, outcome) (rate(service_messages_total[5m]))',
          legend: '{{service}} {{outcome}}',
        },
      ],
    },
    {
      title: 'Seconds in a stage, 95th percentile',
      unit: 's',
      queries: [
        {
          expr: 'histogram_quantile(0.95, sum by (service, stage, le) (rate(service_stage_seconds_bucket[5m])))',
          legend: '{{service}} {{stage}}',
        },
      ],
    },
    {
      title: 'Answers of web a second',
      queries: [
        {
          expr: 'sum by (status) (rate(service_http_requests_total{service="web"}[5m]))',
          legend: '{{status}}',
        },
      ],
    },
  ]);
}

function storage(): Board {
  return board('storage', 'BookKeeper and disks', [
    {
      title: 'Bookies that take writes',
      type: 'stat',
      queries: [{ expr: 'count(bookie_SERVER_STATUS == 1)' }],
    },
    {
      title: 'Ledgers found without all copies, in half an hour',
      type: 'stat',
      queries: [{ expr: 'sum(increase(auditor_NUM_UNDER_REPLICATED_LEDGERS_sum{success="true"}[30m]))' }],
    },
    {
      title: 'Time to add an entry, 99th percentile',
      unit: 'ms',
      queries: [
        {
          expr: 'max by (pod) (bookkeeper_server_ADD_ENTRY_REQUEST{quantile="0.99", success="true"})',
          legend: '{{pod}}',
        },
      ],
    },
    {
      title: 'Use of disks',
      unit: 'percentunit',
      queries: [
        {
          expr: 'max by (namespace, persistentvolumeclaim) (1 - kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes)',
          legend: '{{persistentvolumeclaim}}',
        },
      ],
    },
  ]);
}

function trust(): Board {
  return board('certificates', 'Certificates', [
    {
      title: 'Certificates that are not issued',
      type: 'stat',
      queries: [{ expr: 'sum(certmanager_certificate_ready_status{condition="False"}) or vector(0)' }],
    },
    {
      title: 'First one to end',
      type: 'stat',
      unit: 's',
      queries: [{ expr: 'min((certmanager_certificate_expiration_timestamp_seconds > 0) - time())' }],
    },
    {
      title: 'Time until the end',
      unit: 's',
      queries: [
        {
          expr: 'sort((certmanager_certificate_expiration_timestamp_seconds > 0) - time())',
          legend: '{{namespace}}/{{name}}',
        },
      ],
    },
    {
      title: 'Time until the end of what services serve',
      unit: 's',
      queries: [
        {
          expr: 'min by (service) (service_certificate_expiry_timestamp_seconds - time())',
          legend: '{{service}}',
        },
      ],
    },
  ]);
}
