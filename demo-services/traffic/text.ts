import { type Latency, STAGE_NAMES, STAGES } from './latency.js';
import type { Spoken, TrafficAccount } from './report.js';

const MAX_SPOKEN = 8;

/** The account for people, on a terminal. */
export function trafficText(account: TrafficAccount): string {
  return [spokenText(account), latencyText(account), faultsText(account), ledgerText(account)]
    .filter(Boolean)
    .join('\n\n');
}

/** What was said and understood: first what was misheard, then some of the rest. */
function spokenText({ spoken }: TrafficAccount): string {
  if (spoken.length === 0) return '';
  const shown = [...spoken].sort((a, b) => b.errors - a.errors).slice(0, MAX_SPOKEN);
  const right = spoken.filter(({ errors }) => errors === 0).length;
  return titled(`SAID AND UNDERSTOOD  ${right} of ${spoken.length} word for word`, shown.map(spokenRow));
}

function spokenRow({ author, said, understood, errors, seconds }: Spoken): Row {
  const verdict = errors === 0 ? '✔' : `✗ ${understood}`;
  return [author, said, { right: `${seconds.toFixed(1)} s` }, verdict];
}

function latencyText({ report: { latencyMs } }: TrafficAccount): string {
  const rows = STAGES.flatMap(stage => {
    const latency = latencyMs[stage];
    return latency ? [[STAGE_NAMES[stage], ...figures(latency)]] : [];
  });
  return titled('HOW LONG IT TOOK', [['', ...['p50', 'p99', 'max'].map(right => ({ right }))], ...rows]);
}

function figures({ p50, p99, max }: Latency): Row {
  return [p50, p99, max].map(ms => ({ right: durationText(ms) }));
}

/** `87 ms`, `1.4 s` */
export function durationText(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

function faultsText({ faults, began }: TrafficAccount): string {
  if (faults.length === 0) return '';
  return titled(
    'KILLED WITH -9 WHILE IT RAN',
    faults.map(({ part, at, backAt }) => [
      part,
      { right: `after ${((at - began) / 1_000).toFixed(1)} s` },
      `back ${((backAt - at) / 1_000).toFixed(1)} s later`,
    ]),
  );
}

function ledgerText({ report, ledger }: TrafficAccount): string {
  const { lost, duplicatedEffects, outOfOrder, unstored, mismatched } = ledger;
  const row = (name: string, value: number | string, meaning: string, bad = false): Row => [
    name,
    { right: String(value) },
    bad ? '✗' : '✔',
    meaning,
  ];
  return titled('LEDGER', [
    row('sent', ledger.sent, sentText(ledger), ledger.unsent > 0),
    row('done', ledger.done, 'have a transcript or pictures'),
    row('dead letters', ledger.deadLettered.length, deadLettersText(ledger), mismatched.length > 0),
    row('stored', ledger.stored, 'results in the store, byte for byte as announced', unstored.length > 0),
    row('lost', lost.length, 'nobody knows what became of them', lost.length > 0),
    row('done twice', duplicatedEffects.length, 'more than one effect', duplicatedEffects.length > 0),
    row('out of order', outOfOrder.length, 'spoken messages, within their threads', outOfOrder.length > 0),
    row('came again', ledger.repeats, 'announced or buried again, the same bytes: without effect'),
    row('word errors', `${(report.wordErrorRate * 100).toFixed(1)} %`, 'of what was said'),
  ]);
}

function sentText({ unsent }: TrafficAccount['ledger']): string {
  return unsent > 0 ? `${unsent} more could not be sent` : 'the broker has acknowledged them';
}

/** `the corrupted ones exactly: AudioUnreadable 2, ObjectCorrupt 1` */
export function deadLettersText({
  deadLettered,
  mismatched,
}: Pick<TrafficAccount['ledger'], 'deadLettered' | 'mismatched'>): string {
  const counts = new Map<string, number>();
  for (const { code } of deadLettered) counts.set(code, (counts.get(code) ?? 0) + 1);
  const codes = [...counts].sort().map(([code, count]) => `${code} ${count}`);
  const verdict =
    mismatched.length > 0
      ? `${mismatched.length} not as they must be`
      : deadLettered.length > 0
        ? 'the corrupted ones exactly'
        : 'nothing was corrupted';
  return codes.length === 0 ? verdict : `${verdict}: ${codes.join(', ')}`;
}

type Cell = string | { readonly right: string };
type Row = readonly Cell[];

/** A title above rows whose columns are aligned. */
function titled(title: string, rows: readonly Row[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, textOf(cell).length);
  }
  const line = (row: Row) =>
    row
      .map((cell, i) =>
        typeof cell === 'string' ? cell.padEnd(widths[i] ?? 0) : cell.right.padStart(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [title, ...rows.map(row => `  ${line(row)}`)].join('\n');
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.right;
}
