import { valuesRule } from './values-rule.js';

/** Settings of the journal that must not be off, with what a bookie does then. */
const NEEDED = [
  ['journalSyncData', 'bookies acknowledge a message before it is flushed to their disk'],
  ['journalWriteData', 'bookies acknowledge a message that stands in no journal'],
] as const;

export const journalUnsynced = valuesRule(
  {
    code: 'JournalUnsynced',
    group: 'durability',
    severity: 'warning',
    happens:
      'Nodes that lose power together, or whose kernel stops, lose messages that their producers were told are safe; no log tells which.',
    why: 'What is not flushed lies in the memory of the node, and so may every copy of a message. Without the journal a bookie does not even find out what it had when it ends by itself.',
    source: 'https://bookkeeper.apache.org/docs/reference/config/#journal-settings',
    examples: {
      bad: { values: 'bookkeeper: { configData: { journalSyncData: "false" } }' },
      good: { values: 'bookkeeper: { configData: { journalSyncData: "true" } }' },
    },
  },
  values =>
    NEEDED.flatMap(([key, message]) => {
      const saw = values.setting('bookkeeper', key);
      return saw !== undefined && OFF.test(saw)
        ? [{ path: values.settingPath('bookkeeper', key), message, saw, want: '"true", the default' }]
        : [];
    }),
);

/** What BookKeeper takes for false. */
const OFF = /^\s*(false|no|off|n|f)\s*$/i;
