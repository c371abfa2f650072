import { createHash } from 'node:crypto';
import type { Result } from '../../contract/index.js';
import { type Corruption, expectedCode, type Kind } from '../corruption.js';
import type { Announced, Buried, Checked, Sent, TrafficEvent } from '../events.js';

/** What one message does in a run in which everything is as it must be. */
export interface Life {
  readonly kind: Kind;
  readonly thread: string;
  readonly corruption?: Corruption;
  /** How often its result is announced: more than once after a kill. */
  readonly announcements: number;
}

const BEGAN = Date.UTC(2026, 0, 1);
const iso = (at: number) => new Date(at).toISOString();

/** The events of a faultless run, in an order in which they may be seen. */
export function faultless(lives: readonly Life[]): TrafficEvent[] {
  return lives.flatMap((life, index) => eventsOf(life, index));
}

export function idOf(index: number): string {
  return `01HZZZZZZZZZZZZZZZZZZZZ${String(index).padStart(3, '0')}`;
}

function eventsOf({ kind, thread, corruption, announcements }: Life, index: number): TrafficEvent[] {
  const id = idOf(index);
  const beganAt = BEGAN + index * 10;
  const sent: Sent = {
    event: 'sent',
    id,
    kind,
    author: 'ada',
    thread,
    ...(kind === 'audio' && { said: 'good morning everyone' }),
    ...(corruption && { corruption }),
    beganAt,
    uploadedAt: beganAt + 2,
    sentAt: beganAt + 3,
  };
  const result = resultOf(sent);
  const digest = digestOf(result);
  // Nobody can say in which thread a message failed that nobody can read.
  const times = corruption === 'malformed' ? 0 : announcements;
  const announced = Array.from(
    { length: times },
    (_, i): Announced => ({
      event: 'announced',
      id,
      messageId: `1:${index + i * 10_000}:-1`,
      at: beganAt + 8 + i,
      digest,
      result,
    }),
  );
  const buried: Buried[] = corruption
    ? [
        {
          event: 'buried',
          id,
          messageId: `2:${index}:-1`,
          at: beganAt + 9,
          code: expectedCode(kind, corruption),
        },
      ]
    : [];
  const checked: Checked[] = times > 0 ? [{ event: 'checked', id, digest, wrongRenditions: [] }] : [];
  return [sent, ...announced, ...buried, ...checked];
}

export function digestOf(result: Result): string {
  return createHash('sha256').update(JSON.stringify(result)).digest('hex');
}

function resultOf({ id, kind, thread, corruption, beganAt }: Sent): Result {
  const base = {
    v: 1,
    id,
    thread,
    author: 'ada',
    createdAt: iso(beganAt),
    startedAt: iso(beganAt + 4),
    finishedAt: iso(beganAt + 7),
  } as const;
  if (corruption) {
    return { ...base, kind: 'failed', code: expectedCode(kind, corruption), reason: 'it was corrupted' };
  }
  return kind === 'audio'
    ? {
        ...base,
        kind: 'transcript',
        text: 'good morning everyone',
        language: 'english',
        duration: 1,
        segments: [],
      }
    : {
        ...base,
        kind: 'picture',
        format: 'jpeg',
        width: 4,
        height: 3,
        renditions: [],
        preview: 'data:image/webp;base64,',
      };
}
