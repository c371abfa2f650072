import { define } from '../define.js';
import { at } from '../values/values-rule.js';

export const bookiesFewerThanEnsemble = define(
  {
    code: 'BookiesFewerThanEnsemble',
    group: 'durability',
    severity: 'error',
    happens: 'No topic can be made or written to: "Not enough non-faulty bookies available".',
    why: 'A ledger begins on a whole ensemble; BookKeeper does not begin it on fewer.',
    source: 'https://github.com/apache/pulsar/issues/17814',
    examples: {
      bad: { values: 'bookkeeper: { replicaCount: 1 }' },
      good: {
        values:
          'bookkeeper: { replicaCount: 1 }\nbroker: { configData: { managedLedgerDefaultEnsembleSize: "1", managedLedgerDefaultWriteQuorum: "1", managedLedgerDefaultAckQuorum: "1" } }',
      },
    },
  },
  {
    config: true,
    values: values => {
      const ensemble = Number(values.setting('broker', 'managedLedgerDefaultEnsembleSize'));
      const bookies = values.number('bookkeeper.replicaCount') ?? 0;
      return values.runs('bookkeeper') && bookies < ensemble
        ? [
            {
              path: at('bookkeeper.replicaCount'),
              message: `a ledger is spread over ${ensemble} bookies, and there are fewer`,
              saw: bookies,
              want: `>= ${ensemble}, or a smaller managedLedgerDefaultEnsembleSize`,
            },
          ]
        : [];
    },
  },
);
