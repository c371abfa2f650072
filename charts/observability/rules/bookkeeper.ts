import type { ClusterPlan } from '../../../platform/plan/index.js';
import { type Alert, critical, warning } from './alert.js';

export function bookkeeperAlerts({ config }: ClusterPlan): Alert[] {
  const { ensemble } = config.pulsar.quorum;
  return [
    critical('BookiesTooFew', `(count(bookie_SERVER_STATUS == 1) or vector(0)) < ${ensemble}`, '5m', {
      summary: '{{ $value }} bookies can be written to, and a new ledger needs more',
      description: `A ledger is spread over ${ensemble} bookies: with fewer, nothing can be produced once the open ledgers are full.`,
    }),
    warning('BookieNotWritable', 'bookie_SERVER_STATUS < 1', '5m', {
      summary: 'bookie {{ $labels.pod }} takes no writes',
      description: 'Its disk is full above diskUsageThreshold, or it was set to read-only.',
    }),
    // The auditor adds to it with each look as long as there are any.
    warning(
      'LedgersUnderReplicated',
      'sum(increase(auditor_NUM_UNDER_REPLICATED_LEDGERS_sum{success="true"}[30m])) > 0',
      '1h',
      {
        summary: 'ledgers lack copies, and autorecovery has not caught up within an hour',
        description: 'Until it has, do not take another bookie away.',
      },
    ),
    critical('EntriesLost', 'max(auditor_NUM_LEDGERS_HAVING_NO_REPLICA_OF_AN_ENTRY) > 0', '5m', {
      summary: '{{ $value }} ledgers have entries of which no copy is left',
    }),
  ];
}
