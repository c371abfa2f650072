import type { ReplayResult, showDeadLetter, WaitingLetter } from '../actions/dlq/index.js';
import { table } from './table.js';

export function lettersText(letters: readonly WaitingLetter[]): string {
  if (letters.length === 0) return 'no dead letter waits';
  return [
    table(
      ['id', 'in', 'code', 'since', 'attempts', 'reason'],
      letters.map(({ id, in: topic, code, at, attempts, reason }) => [
        id,
        topic,
        code,
        at.slice(0, 19),
        attempts,
        reason.slice(0, 60),
      ]),
    ),
    `${letters.length} wait · platform dlq show ID · platform dlq replay ID`,
  ].join('\n\n');
}

type Letter = Awaited<ReturnType<typeof showDeadLetter>>;

export function letterText({ properties, data, ...letter }: Letter): string {
  const rows = [...Object.entries(letter), ...Object.entries(properties)];
  return [
    table(
      ['', ''],
      rows.map(([name, value]) => [name, String(value)]),
    ),
    data,
  ].join('\n\n');
}

export function replayText({ replayed, already, failed, unreached, missing }: ReplayResult): string {
  return [
    ...replayed.map(({ id, topic, as }) => `+ ${id} → ${topic} as ${as}`),
    ...already.map(id => `  ${id} had been sent already; it is settled now`),
    ...failed.map(({ id, reason }) => `✗ ${id} stays: ${reason}`),
    ...unreached.map(id => `✗ ${id} stays: another replay holds it; try again when that has ended`),
    ...missing.map(id => `✗ ${id} does not wait: it was sent before, or never given up`),
    `${replayed.length} sent again, ${already.length} sent before, ${failed.length + unreached.length} left`,
  ].join('\n');
}
