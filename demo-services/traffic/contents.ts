import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import { type AudioMessage, encode, type ImageMessage, objectKeyOf } from '../contract/index.js';
import { corrupted } from './corruption.js';
import { drawPictures } from './picture.js';
import type { Planned } from './scenario.js';
import { speak } from './voice.js';

/** Everything that the users will say and show: spoken and drawn before the clock runs. */
export interface Contents {
  readonly spoken: ReadonlyMap<string, Buffer>;
  readonly drawn: ReadonlyMap<number, Buffer>;
}

export async function contentsOf(messages: readonly Planned[], seed: number): Promise<Contents> {
  // A corrupted message may need something of the other kind.
  const sentences = messages.flatMap(message => (message.kind === 'audio' ? [message.sentence] : []));
  const pictures = messages.flatMap(message => (message.kind === 'image' ? [message.picture] : []));
  const [spoken, drawn] = await Promise.all([
    speak(sentences.length > 0 ? sentences : ['good morning']),
    drawPictures(pictures.length > 0 ? pictures : [0], seed),
  ]);
  return { spoken, drawn };
}

/** A message ready to be sent. */
export interface Letter {
  readonly id: string;
  readonly object: { readonly key: string; readonly contentType: string };
  /** Bytes of its object; null: none is uploaded. */
  readonly bytes: Buffer | null;
  readonly body: Buffer;
}

const [WAV, JPEG] = ['audio/wav', 'image/jpeg'];

/** @param now the time by which its author made it */
export function letterOf(planned: Planned, { spoken, drawn }: Contents, now: Date): Letter {
  const { kind, author, thread, corruption } = planned;
  const id = ulid(now.getTime());
  const [sound] = spoken.values();
  const [picture] = drawn.values();
  const good = kind === 'audio' ? spoken.get(planned.sentence) : drawn.get(planned.picture);
  const other = kind === 'audio' ? picture : sound;
  if (good === undefined || other === undefined)
    throw new RangeError('nothing was prepared for this message');
  const {
    bytes,
    claims,
    sentPart = 1,
  } = corruption ? corrupted(kind, corruption, good, other) : { bytes: good };
  const key = objectKeyOf({ thread, id });
  const contentType = kind === 'audio' ? WAV : JPEG;
  const contents = bytes ?? good;
  const message = {
    v: 1,
    kind,
    id,
    thread,
    author,
    createdAt: now.toISOString(),
    object: { key, contentType, size: contents.length, sha256: sha256(contents), ...claims },
  } as AudioMessage | ImageMessage;
  const whole = encode(message);
  const body = whole.subarray(0, Math.ceil(whole.length * sentPart));
  return { id, object: { key, contentType }, bytes, body };
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
