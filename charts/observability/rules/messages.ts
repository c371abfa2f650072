import { type ClusterPlan, REPLAY_SUBSCRIPTION } from '../../../platform/plan/index.js';
import { type Alert, critical, warning } from './alert.js';

/** Longer than the longest work and its retries take. */
const SILENT_SECONDS = 900;

const BY = 'by (topic, subscription)';

export function messageAlerts({ config, services }: ClusterPlan): Alert[] {
  const { tenant, namespace } = config.pulsar;
  const ours = `topic=~"persistent://${tenant}/${namespace}/.+"`;
  const working = `${ours}, subscription!="${REPLAY_SUBSCRIPTION}"`;
  const shared = services.flatMap(({ consumes }) =>
    consumes.filter(({ type }) => type !== 'Reader').map(({ name }) => name),
  );
  const waiting = `sum ${BY} (pulsar_subscription_back_log{${working}}) > 0`;
  return [
    warning(
      'BacklogGrows',
      `sum ${BY} (pulsar_subscription_back_log{${working}}) > 1000 and sum ${BY} (delta(pulsar_subscription_back_log{${working}}[15m])) > 0`,
      '15m',
      { summary: '{{ $value }} messages wait for {{ $labels.subscription }}, and more come than go' },
    ),
    warning(
      'ConsumerLags',
      `time() - (max ${BY} (pulsar_subscription_last_acked_timestamp{${working}}) > 0) / 1000 > ${SILENT_SECONDS} and ${waiting}`,
      '5m',
      {
        summary:
          '{{ $labels.subscription }} has messages and has finished none for {{ $value | humanizeDuration }}',
      },
    ),
    critical(
      'NobodyConsumes',
      `sum ${BY} (pulsar_subscription_consumers_count{${ours}, subscription=~"${shared.join('|')}"}) == 0 and ${waiting}`,
      '5m',
      { summary: 'nobody consumes {{ $labels.subscription }}, and messages wait' },
    ),
    warning(
      'DeadLetters',
      `sum by (topic) (pulsar_subscription_back_log{${ours}, subscription="${REPLAY_SUBSCRIPTION}"}) > 0`,
      '5m',
      {
        summary: '{{ $value }} messages of {{ $labels.topic }} were given up',
        description: 'platform dlq list shows them with their reasons; platform dlq replay sends them again.',
      },
    ),
  ];
}
