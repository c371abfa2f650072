import { valuesRule } from './values-rule.js';

export const ackedOnce = valuesRule(
  {
    code: 'AckedOnce',
    group: 'durability',
    severity: 'warning',
    happens:
      'A bookie that is lost takes the last messages with it that it alone had acknowledged; the producer was told that they are safe.',
    why: 'managedLedgerDefaultAckQuorum is how many copies are on disk when a message is acknowledged.',
    source: 'https://github.com/apache/bookkeeper/issues/1591',
    examples: {
      bad: {
        values:
          'broker: { configData: { managedLedgerDefaultEnsembleSize: "3", managedLedgerDefaultWriteQuorum: "3", managedLedgerDefaultAckQuorum: "1" } }',
      },
      good: {
        values:
          'broker: { configData: { managedLedgerDefaultEnsembleSize: "3", managedLedgerDefaultWriteQuorum: "3", managedLedgerDefaultAckQuorum: "2" } }',
      },
    },
  },
  values =>
    Number(values.setting('broker', 'managedLedgerDefaultAckQuorum')) === 1 &&
    Number(values.setting('broker', 'managedLedgerDefaultWriteQuorum')) > 1
      ? [
          {
            path: values.settingPath('broker', 'managedLedgerDefaultAckQuorum'),
            message: 'a message is acknowledged when it stands on one disk',
            saw: 1,
            want: '2',
          },
        ]
      : [],
);
