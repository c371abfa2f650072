import { page, type Section } from '../plots/index.js';
import { expectedCode } from './corruption.js';
import { STAGE_NAMES, STAGES } from './latency.js';
import { backlogPlot, latencyPlot, throughputPlot } from './plots.js';
import type { TrafficAccount } from './report.js';
import { deadLettersText, durationText } from './text.js';

const MAX_SPOKEN = 40;
const MAX_LISTED = 50;

/** The account as one page that needs nothing else: no network, no script, no other file. */
export async function trafficPage(account: TrafficAccount): Promise<string> {
  const [latency, throughput, backlog] = await Promise.all([
    latencyPlot(account),
    throughputPlot(account),
    backlogPlot(account),
  ]);
  return page('Messages, and what became of them', [
    { text: summary(account) },
    { heading: 'Ledger' },
    ledgerTable(account),
    { heading: 'What was said, what was understood' },
    ...spokenSections(account),
    ...pictureSections(account),
    { heading: 'Time' },
    { svg: latency },
    latencyTable(account),
    { svg: throughput },
    { svg: backlog },
    ...faultSections(account),
    ...deadLetterSections(account),
  ]);
}

function summary({ report, ledger, faults }: TrafficAccount): string {
  const { seconds, transport } = report;
  const killed = faults.length > 0 ? ` ${faults.length} times a part was killed with -9 meanwhile.` : '';
  const verdict = ledger.closes
    ? 'Every message is accounted for.'
    : 'The ledger does not close: see what is not 0 below.';
  return `${verdict} ${report.sent} messages went through the broker by ${transport} in ${seconds.total} s.${killed}`;
}

function ledgerTable({ report, ledger }: TrafficAccount): Section {
  return {
    table: [
      ['', 'messages', ''],
      ['sent', report.sent, 'acknowledged by the broker'],
      ['done', report.done, 'a transcript, or pictures'],
      ['dead letters', report.deadLettered.length, deadLettersText(ledger)],
      ['stored', report.stored, 'results in the store, byte for byte as announced'],
      ['lost', report.lost, 'nobody knows what became of them'],
      ['duplicated effects', report.duplicatedEffects, 'more than one result'],
      ['out of order', report.outOfOrder, 'spoken messages, within their threads'],
      ['came again', ledger.repeats, 'delivered again, the same bytes: without effect'],
      ['word errors', `${(report.wordErrorRate * 100).toFixed(1)} %`, 'of what was said'],
    ],
  };
}

function spokenSections({ spoken }: TrafficAccount): Section[] {
  const shown = [...spoken].sort((a, b) => b.errors - a.errors).slice(0, MAX_SPOKEN);
  return [
    {
      table: [
        ['who', 'said', 'understood', 'word errors', 'after'],
        ...shown.map(({ author, said, understood, errors, seconds }) => [
          author,
          said,
          understood,
          errors,
          `${seconds.toFixed(1)} s`,
        ]),
      ],
    },
    ...(spoken.length > shown.length
      ? [{ text: `${spoken.length - shown.length} more were understood no worse.` }]
      : []),
  ];
}

function pictureSections({ pictures, histories }: TrafficAccount): Section[] {
  const authors = new Map(histories.map(({ sent }) => [sent.id, sent.author]));
  if (pictures.size === 0) return [];
  return [
    { heading: 'Pictures that came out' },
    {
      pictures: [...pictures].map(([id, webp]) => ({
        source: `data:image/webp;base64,${webp.toString('base64')}`,
        caption: authors.get(id) ?? '',
      })),
    },
  ];
}

function latencyTable({ report: { latencyMs } }: TrafficAccount): Section {
  const rows = STAGES.flatMap(stage => {
    const latency = latencyMs[stage];
    return latency
      ? [[STAGE_NAMES[stage], ...[latency.p50, latency.p99, latency.max].map(durationText)]]
      : [];
  });
  return { table: [['stage', 'p50', 'p99', 'max'], ...rows] };
}

function faultSections({ faults, began }: TrafficAccount): Section[] {
  if (faults.length === 0) return [];
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;
  return [
    { heading: 'Killed with -9 while it ran' },
    {
      table: [
        ['part', 'after', 'away for'],
        ...faults.map(({ part, at, backAt }) => [part, seconds(at - began), seconds(backAt - at)]),
      ],
    },
  ];
}

function deadLetterSections({ histories }: TrafficAccount): Section[] {
  const rows = histories
    .filter(({ sent, buried }) => sent.corruption !== undefined || buried.length > 0)
    .map(({ sent: { id, kind, corruption }, buried: [letter] }) => [
      id,
      kind,
      corruption ?? 'nothing',
      corruption ? expectedCode(kind, corruption) : '-',
      letter?.code ?? '-',
    ]);
  if (rows.length === 0) return [];
  return [
    { heading: 'Dead letters' },
    { table: [['message', 'kind', 'what is wrong', 'must be', 'is'], ...rows.slice(0, MAX_LISTED)] },
    ...(rows.length > MAX_LISTED ? [{ text: `${rows.length - MAX_LISTED} more.` }] : []),
  ];
}
