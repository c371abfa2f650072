import { page, toSvg } from '../../../../demo-services/plots/index.js';
import { type LessonRun, TYPES } from './events.js';
import type { Facts } from './facts.js';
import { deathOf, HEAD, lessonOf, rowsOf } from './words.js';

interface Bar {
  readonly type: string;
  readonly message: number;
  readonly consumer: string;
  /** s since the first message was sent */
  readonly from: number;
  readonly to: number;
  readonly died: boolean;
}

/** Each stretch of work: who worked on which message, from when to when. */
export function barsOf({ events, firstSentAt, killedAt }: LessonRun): Bar[] {
  const seconds = (at: number) => (at - firstSentAt) / 1000;
  return events.flatMap(event => {
    if (event.kind !== 'begun') return [];
    const { type, message, consumer, at } = event;
    const end = events.find(
      other =>
        other.kind === 'done' &&
        other.type === type &&
        other.consumer === consumer &&
        other.message === message &&
        other.at >= at,
    );
    const died = end === undefined;
    return [{ type, message, consumer, from: seconds(at), to: seconds(end?.at ?? killedAt), died }];
  });
}

/** One panel a type: a row for each message, a bar for each stretch of work, its colour the consumer. */
export function lessonSvg(run: LessonRun): Promise<string> {
  const values = barsOf(run);
  const killed = (run.killedAt - run.firstSentAt) / 1000;
  return toSvg({
    title: {
      text: 'The same messages, handed out by four subscriptions',
      subtitle: `a bar is work on one message; at the red line ${run.victim} is killed: × marks what it had in hand`,
    },
    data: { values },
    facet: { field: 'type', type: 'nominal', sort: [...TYPES], title: null, header: { labelFontSize: 14 } },
    columns: 2,
    spec: {
      width: 380,
      height: 230,
      layer: [
        {
          mark: { type: 'bar', height: 4 },
          encoding: {
            x: { field: 'from', type: 'quantitative', title: 'seconds' },
            x2: { field: 'to' },
            y: { field: 'message', type: 'quantitative', title: 'message', scale: { reverse: true } },
            color: {
              field: 'consumer',
              type: 'nominal',
              title: 'consumer',
              scale: { domain: [...run.consumers], range: ['#dc6b2f', '#2563a8', '#2f9e6e'] },
            },
          },
        },
        {
          transform: [{ filter: 'datum.died' }],
          mark: { type: 'text', text: '×', fontSize: 16, fontWeight: 'bold', color: '#b91c1c' },
          encoding: {
            x: { field: 'to', type: 'quantitative' },
            y: { field: 'message', type: 'quantitative' },
          },
        },
        { mark: { type: 'rule', color: '#b91c1c', strokeDash: [4, 3] }, encoding: { x: { datum: killed } } },
      ],
    },
  });
}

/** The lesson as one page that needs no other file. */
export async function lessonPage(run: LessonRun, facts: readonly Facts[]): Promise<string> {
  return page('How a Pulsar subscription hands out messages', [
    {
      text: `${run.sent.length} numbered messages with keys went to one topic on a real broker (${run.transport}). Four subscriptions, one of each type, hand them to the consumers ${run.consumers.join(', ')}, each a process that works on up to three messages at a time. Then ${run.victim} is killed with -9 while it works.`,
    },
    { svg: await lessonSvg(run) },
    { table: [[...HEAD], ...rowsOf(facts)] },
    ...facts.flatMap(fact => [{ heading: fact.type }, { text: lessonOf(fact) }]),
    { heading: 'What happens to unacknowledged messages' },
    { text: deathOf(facts) },
  ]);
}
