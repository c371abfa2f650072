import { at, valuesRule } from './values-rule.js';

export const journalSharesDisk = valuesRule(
  {
    code: 'JournalSharesDisk',
    group: 'storage',
    severity: 'warning',
    happens:
      'Producers wait while ledgers are flushed or read: latency of a write jumps from milliseconds to seconds.',
    why: 'The journal is flushed for every message; on one disk with the ledgers it waits behind their bulk.',
    source: 'https://bookkeeper.apache.org/docs/getting-started/concepts/#journals',
    examples: {
      bad: { values: 'bookkeeper: { volumes: { useSingleCommonVolume: true } }' },
      good: { values: 'bookkeeper: { volumes: { journal: { size: 20Gi }, ledgers: { size: 200Gi } } }' },
    },
  },
  values =>
    values.isOn('bookkeeper.volumes.useSingleCommonVolume')
      ? [
          {
            path: at('bookkeeper.volumes.useSingleCommonVolume'),
            message: 'journal and ledgers share one disk',
            saw: true,
            want: 'false',
          },
        ]
      : [],
);
