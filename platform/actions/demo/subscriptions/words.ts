import type { Facts } from './facts.js';

export const HEAD = [
  'subscription',
  'done by',
  'refused',
  'out of order in a key',
  'keys shared',
  'in hand at death',
  'came again',
  'after',
  'done twice',
  'lost',
] as const;

/** One row for each type, under `HEAD`. */
export function rowsOf(facts: readonly Facts[]): string[][] {
  return facts.map(fact => [
    fact.type,
    Object.entries(fact.done)
      .map(([consumer, count]) => `${consumer} ${count}`)
      .join('  '),
    list(fact.refused),
    String(fact.outOfOrder),
    String(fact.sharedKeys.length),
    list(fact.inHand.map(message => `#${message}`)),
    list(fact.cameAgain.map(({ message, to }) => `#${message} to ${to}`)),
    fact.gapMs === undefined ? '-' : `${(fact.gapMs / 1000).toFixed(1)} s`,
    String(fact.doneTwice.length),
    String(fact.lost.length),
  ]);
}

/** What one sees in the facts of a type; said of what was measured, never of what ought to be. */
export function lessonOf(fact: Facts): string {
  const { type, refused, workedBefore, workedAfter, sharedKeys, outOfOrder } = fact;
  const took = workedAfter.length === 0 ? 'nobody' : workedAfter.join(' and ');
  const order = outOfOrder === 0 ? 'Each key kept its order.' : `Order was lost ${outOfOrder} times.`;
  const spread = `${workedBefore.join(', ')} worked side by side`;
  switch (type) {
    case 'Exclusive':
      return `One consumer has it all; refused: ${list(refused)}. After the death ${took} got in by asking again. ${order}`;
    case 'Failover':
      return `One consumer works, the others stand by without a refusal. After the death the broker moved to ${took}. ${order}`;
    case 'Shared':
      return `Every consumer works: ${spread}. ${sharedKeys.length} keys went to several. ${order}`;
    case 'Key_Shared':
      return `Every consumer works, and a key stays with one: ${spread}, ${sharedKeys.length} keys went to several. After the death ${took} had all keys. ${order}`;
  }
}

/** What is true of all four. */
export function deathOf(facts: readonly Facts[]): string {
  const inHand = facts.reduce((sum, fact) => sum + fact.inHand.length, 0);
  const again = facts.reduce((sum, fact) => sum + new Set(fact.cameAgain.map(it => it.message)).size, 0);
  const twice = facts.reduce((sum, fact) => sum + fact.doneTwice.length, 0);
  const lost = facts.reduce((sum, fact) => sum + fact.lost.length, 0);
  return (
    `Of ${inHand} messages in the hand of the dead consumer ${again} came again to a living one, and ${lost} messages were lost. ` +
    `${twice} were done twice: an acknowledgement that had not reached the broker counts for nothing. So: acknowledge after the effect, and make effects idempotent.`
  );
}

function list(words: readonly string[]): string {
  return words.length === 0 ? '-' : words.join(', ');
}
