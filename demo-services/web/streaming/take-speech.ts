import type { RawData, WebSocket } from 'ws';
import { ServiceError } from '../../errors.js';
import type { Log } from '../../runtime/log.js';
import { type StreamDown, type StreamUp, streamUp } from '../api/index.js';
import { captioning } from './captioning.js';
import type { Listener } from './captions.js';
import { lineOf } from './line.js';
import { invalid, type Room, roomOf, tapeOf } from './tape.js';

export interface SpeechLimits {
  readonly bytes: number;
  readonly seconds: number;
  /** How long nothing may come. */
  readonly idleSeconds: number;
  /** What may wait for the engine until no more is read. */
  readonly windowBytes: number;
  /** Between the end of a caption and the beginning of the next. */
  readonly captionEveryMs: number;
}

export interface SpeechProps {
  readonly limits: SpeechLimits;
  /** Undefined: there are no captions. */
  readonly listen: Listener | undefined;
  /** What all recordings may hold together. @default - as much as they want */
  readonly room?: Room;
  /** Stores the whole recording, and gives what the page is told. */
  readonly store: (recording: Buffer, contentType: string) => Promise<Omit<Stored, 'type'>>;
  /** Asked before each caption. */
  readonly isMember: () => Promise<boolean>;
  /** When the session ends at the latest, ms since 1970. */
  readonly expiresAt: number;
  /** Aborted when it ends before. @default - it does not */
  readonly signedOut?: AbortSignal;
  readonly log: Log;
}

type Stored = Extract<StreamDown, { type: 'stored' }>;

/**
 * Takes a recording while it is made, and says what is understood so far. Captions are a courtesy: without them the
 * recording is taken all the same. What breaks here is not lost: the page has it, and uploads it.
 *
 * @returns when the connection has ended, and nothing of the recording is held any more
 */
export async function takeSpeech(socket: WebSocket, props: SpeechProps): Promise<void> {
  const { limits, log, listen, isMember, room = roomOf(Number.POSITIVE_INFINITY) } = props;
  const line = lineOf(socket, log);
  const tape = tapeOf(limits.bytes, room);
  const failAfter = (ms: number, code: 'StreamIdle' | 'AudioTooLong' | 'NotSignedIn', message: string) =>
    setTimeout(() => line.fail(new ServiceError(code, message)), Math.max(0, ms));
  const idle = failAfter(limits.idleSeconds * 1_000, 'StreamIdle', 'nothing came for too long');
  const tooLong = failAfter(limits.seconds * 1_000, 'AudioTooLong', 'the recording is too long');
  const session = failAfter(props.expiresAt - Date.now(), 'NotSignedIn', 'the session has ended');
  const signOut = () => line.fail(new ServiceError('NotSignedIn', 'the session has ended'));
  if (props.signedOut?.aborted) signOut();
  props.signedOut?.addEventListener('abort', signOut, { once: true });
  const captions = captioning({
    ...{ line, tape, listen, isMember, log },
    windowBytes: limits.windowBytes,
    everyMs: limits.captionEveryMs,
    onListened: () => idle.refresh(),
  });

  const take = (chunk: Buffer) => {
    tape.take(chunk);
    line.say({ type: 'taken', bytes: tape.bytes() });
    captions.more();
  };
  let storing: Promise<unknown> | undefined;
  const finish = async (contentType: string) => {
    captions.stop();
    clearTimeout(idle);
    const stored = props.store(tape.whole(), contentType);
    storing = stored;
    line.say({ type: 'stored', ...(await stored) });
    await captions.last();
    if (!line.over.aborted) line.end();
  };
  const obey = (up: StreamUp) => {
    if (up.type === 'begin') tape.begin(up.contentType);
    else finish(tape.end()).catch(line.fail);
  };

  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (line.over.aborted) return;
    idle.refresh();
    try {
      if (isBinary) take(data as Buffer);
      else obey(parse(data as Buffer));
    } catch (error) {
      line.fail(error);
    }
  });
  await line.closed;
  captions.stop();
  props.signedOut?.removeEventListener('abort', signOut);
  for (const timer of [idle, tooLong, session]) clearTimeout(timer);
  // The store reads from memory, whether the page still waits for it or not.
  await Promise.allSettled([storing]);
  room.give(tape.bytes());
}

function parse(data: Buffer): StreamUp {
  try {
    return streamUp.parse(JSON.parse(data.toString()));
  } catch {
    throw invalid('wanted begin with a type of audio, or end');
  }
}
