import type { SubscriptionType } from '../../../../demo-services/messaging/index.js';
import { type LessonEvent, type LessonRun, TYPES } from './events.js';

/** What happened on the subscription of one type. */
export interface Facts {
  readonly type: SubscriptionType;
  /** By consumer: messages it has finished. */
  readonly done: Readonly<Record<string, number>>;
  /** Consumers that were refused while another one held the subscription. */
  readonly refused: readonly string[];
  /** Consumers that had work before the victim died. */
  readonly workedBefore: readonly string[];
  /** Consumers that had work after it. */
  readonly workedAfter: readonly string[];
  /** Messages on which the victim worked when it died. */
  readonly inHand: readonly number[];
  /** Those of them that another consumer got, and who. */
  readonly cameAgain: readonly { readonly message: number; readonly to: string }[];
  /** From the death to the first message that came again, ms. */
  readonly gapMs?: number;
  /** Messages that were done more than once: their acknowledgement had not reached the broker. */
  readonly doneTwice: readonly number[];
  /** Keys that more than one living consumer got, before or after the death. */
  readonly sharedKeys: readonly string[];
  /** Times that a message was begun after a later one of its key. What came again after the death counts from there. */
  readonly outOfOrder: number;
  /** Messages that nobody has finished. */
  readonly lost: readonly number[];
}

export function factsOf(run: LessonRun): Facts[] {
  return TYPES.map(type =>
    factsOn(
      type,
      run,
      run.events.filter(event => event.type === type).toSorted((a, b) => a.at - b.at),
    ),
  );
}

type Work = Extract<LessonEvent, { readonly message: number }>;

function factsOn(type: SubscriptionType, run: LessonRun, events: readonly LessonEvent[]): Facts {
  const { victim, consumers, killedAt, sent } = run;
  const work = events.filter((event): event is Work => 'message' in event);
  const begun = work.filter(({ kind }) => kind === 'begun');
  const done = work.filter(({ kind }) => kind === 'done');
  // By the consumer, not by the clock: the victim's last words may be a little younger than its death.
  const after = (event: Work) => event.at >= killedAt && event.consumer !== victim;
  const finished = new Set(done.filter(({ consumer }) => consumer === victim).map(({ message }) => message));
  const inHand = begun
    .filter(({ consumer, message }) => consumer === victim && !finished.has(message))
    .map(({ message }) => message);
  const again = begun.filter(event => after(event) && inHand.includes(event.message));
  const first = again[0];
  return {
    type,
    done: Object.fromEntries(
      consumers.map(name => [name, done.filter(({ consumer }) => consumer === name).length]),
    ),
    refused: unique(events.filter(({ kind }) => kind === 'refused').map(({ consumer }) => consumer)),
    workedBefore: unique(begun.filter(event => !after(event)).map(({ consumer }) => consumer)),
    workedAfter: unique(begun.filter(after).map(({ consumer }) => consumer)),
    inHand,
    cameAgain: again.map(({ message, consumer }) => ({ message, to: consumer })),
    ...(first && { gapMs: first.at - killedAt }),
    doneTwice: unique(repeated(done.map(({ message }) => message))),
    sharedKeys: unique([
      ...sharedKeys(begun.filter(event => !after(event))),
      ...sharedKeys(begun.filter(after)),
    ]),
    outOfOrder: outOfOrder(begun.filter(event => !after(event))) + outOfOrder(begun.filter(after)),
    lost: sent.filter(message => !done.some(event => event.message === message)),
  };
}

function sharedKeys(work: readonly Work[]): string[] {
  const keys = unique(work.map(({ key }) => key));
  return keys.filter(
    key => unique(work.filter(event => event.key === key).map(({ consumer }) => consumer)).length > 1,
  );
}

function outOfOrder(work: readonly Work[]): number {
  const latest = new Map<string, number>();
  let count = 0;
  for (const { key, message } of work) {
    const before = latest.get(key) ?? -1;
    if (message < before) count++;
    else latest.set(key, message);
  }
  return count;
}

function repeated<Value>(values: readonly Value[]): Value[] {
  return values.filter((value, index) => values.indexOf(value) !== index);
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
