import { valuesRule } from './values-rule.js';

export const singleCopy = valuesRule(
  {
    code: 'SingleCopy',
    group: 'durability',
    severity: 'error',
    happens:
      'The loss of one bookie or one disk loses messages that were acknowledged, and topics with them: their ledgers cannot be opened any more.',
    why: 'managedLedgerDefaultWriteQuorum is how many copies there are; with 1, more bookies only spread the loss.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/567',
    examples: {
      bad: {
        values:
          'broker: { configData: { managedLedgerDefaultEnsembleSize: "1", managedLedgerDefaultWriteQuorum: "1", managedLedgerDefaultAckQuorum: "1" } }',
      },
      good: {
        values:
          'broker: { configData: { managedLedgerDefaultEnsembleSize: "3", managedLedgerDefaultWriteQuorum: "3", managedLedgerDefaultAckQuorum: "2" } }',
      },
    },
  },
  values => {
    const copies = Number(values.setting('broker', 'managedLedgerDefaultWriteQuorum'));
    return copies === 1 && (values.number('bookkeeper.replicaCount') ?? 1) > 1
      ? [
          {
            path: values.settingPath('broker', 'managedLedgerDefaultWriteQuorum'),
            message: 'every message stands on one bookie alone',
            saw: copies,
            want: '2 or 3',
          },
        ]
      : [];
  },
);
