import { define } from '../define.js';

export const quorumDisordered = define(
  {
    code: 'QuorumDisordered',
    group: 'durability',
    severity: 'error',
    happens: 'Brokers refuse to make any topic.',
    why: 'A message is written to a part of the ensemble, and acknowledged by a part of that: ack <= write <= ensemble.',
    source: 'https://bookkeeper.apache.org/docs/development/protocol/',
    examples: {
      bad: {
        values:
          'broker: { configData: { managedLedgerDefaultWriteQuorum: "3", managedLedgerDefaultAckQuorum: "2" } }',
      },
      good: {
        values:
          'broker: { configData: { managedLedgerDefaultEnsembleSize: "3", managedLedgerDefaultWriteQuorum: "3", managedLedgerDefaultAckQuorum: "2" } }',
      },
    },
  },
  {
    config: true,
    values: values => {
      const [ensemble = 0, write = 0, ack = 0] = ['EnsembleSize', 'WriteQuorum', 'AckQuorum'].map(key =>
        Number(values.setting('broker', `managedLedgerDefault${key}`)),
      );
      if (ack <= write && write <= ensemble) return [];
      const key = write > ensemble ? 'managedLedgerDefaultWriteQuorum' : 'managedLedgerDefaultAckQuorum';
      return [
        {
          path: values.settingPath('broker', key),
          message: 'the three numbers are not in order',
          saw: `ensemble ${ensemble}, write ${write}, ack ${ack}`,
          want: 'ack <= write <= ensemble',
        },
      ];
    },
  },
);
