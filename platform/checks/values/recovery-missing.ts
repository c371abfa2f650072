import { at, valuesRule } from './values-rule.js';

export const recoveryMissing = valuesRule(
  {
    code: 'RecoveryMissing',
    group: 'durability',
    severity: 'error',
    happens: 'Copies that a lost bookie held are never made again; the next loss then loses messages.',
    why: 'The chart switches the auditor inside the bookies off, since autorecovery is a component of its own.',
    source: 'https://bookkeeper.apache.org/docs/admin/autorecovery/',
    examples: {
      bad: { values: 'components: { autorecovery: false }' },
      good: { values: 'components: { autorecovery: true }' },
    },
  },
  values =>
    values.runs('bookkeeper') &&
    !values.runs('autorecovery') &&
    (values.number('bookkeeper.replicaCount') ?? 1) > 1
      ? [
          {
            path: at('components.autorecovery'),
            message: 'nobody copies ledgers that have lost a copy',
            saw: false,
            want: 'true',
          },
        ]
      : [],
);
