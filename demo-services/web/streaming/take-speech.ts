import type { RawData, WebSocket } from 'ws';
import { ServiceError } from '../../errors.js';
import { errorFields, type Log } from '../../runtime/log.js';
import { type StreamDown, type StreamUp, streamUp } from '../api/index.js';
import type { Listener } from './captions.js';

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
  readonly listen: Listener;
  /** Stores the whole recording, and gives what the page is told. */
  readonly store: (recording: Buffer, contentType: string) => Promise<Omit<Stored, 'type'>>;
  /** Asked before each caption. */
  readonly isMember: () => Promise<boolean>;
  /** When the session ends, ms since 1970. */
  readonly expiresAt: number;
  readonly log: Log;
}

type Stored = Extract<StreamDown, { type: 'stored' }>;

/** What a slow page may leave unread until captions are left out. */
const MAX_LAG = 64 * 1024;

/**
 * Takes a recording while it is made, and says what is understood so far. Captions are a courtesy: without them the
 * recording is taken all the same. What breaks here is not lost: the page has it, and uploads it.
 *
 * @returns when the connection has ended
 */
export function takeSpeech(socket: WebSocket, props: SpeechProps): Promise<void> {
  const { limits, log } = props;
  const over = new AbortController();
  const chunks: Buffer[] = [];
  let bytes = 0;
  /** What the engine had when it began to listen the last time. */
  let heard = 0;
  let contentType: string | undefined;
  let storing = false;
  let listening: Promise<void> | undefined;
  let next: NodeJS.Timeout | undefined;

  const say = (answer: StreamDown) => {
    if (!over.signal.aborted) socket.send(JSON.stringify(answer));
  };
  const fail = (error: unknown) => {
    const { code = 'Unexpected', message = '' } = errorFields(error);
    log.info('stream ended', { code });
    say({ type: 'failed', code, message: error instanceof ServiceError ? String(message) : '' });
    end();
  };
  const end = () => {
    over.abort();
    // What was not read yet would keep it open.
    socket.resume();
    socket.close(1000);
  };
  const failAfter = (ms: number, code: 'StreamIdle' | 'AudioTooLong' | 'NotSignedIn', message: string) =>
    setTimeout(() => fail(new ServiceError(code, message)), Math.max(0, ms));
  const idle = failAfter(limits.idleSeconds * 1_000, 'StreamIdle', 'nothing came for too long');
  const tooLong = failAfter(limits.seconds * 1_000, 'AudioTooLong', 'the recording is too long');
  const session = failAfter(props.expiresAt - Date.now(), 'NotSignedIn', 'the session has ended');

  const breathe = () => {
    const behind = bytes - heard > limits.windowBytes;
    if (behind && !socket.isPaused) socket.pause();
    if (!behind && socket.isPaused) socket.resume();
  };
  const caption = async (type: 'partial' | 'final') => {
    heard = bytes;
    try {
      const understood = await props.listen(Buffer.concat(chunks), over.signal);
      if (over.signal.aborted) return;
      if (!(await props.isMember()))
        fail(new ServiceError('NotFound', 'there is no such thread, or not for you'));
      else if (socket.bufferedAmount < MAX_LAG) say({ type, ...understood });
    } catch (error) {
      if (!over.signal.aborted) log.debug('no caption', errorFields(error));
    }
  };
  const captionSoon = () => {
    if (listening || next || storing || over.signal.aborted || bytes === heard) return;
    const now = bytes - heard > limits.windowBytes;
    next = setTimeout(
      () => {
        next = undefined;
        listening = caption('partial').finally(() => {
          listening = undefined;
          breathe();
          idle.refresh();
          captionSoon();
        });
        breathe();
      },
      now ? 0 : limits.captionEveryMs,
    );
  };

  const take = (chunk: Buffer) => {
    if (contentType === undefined || storing) throw invalid('a chunk comes after begin, and before end');
    bytes += chunk.byteLength;
    if (bytes > limits.bytes) throw new ServiceError('AudioTooLong', 'the recording is too large');
    chunks.push(chunk);
    say({ type: 'taken', bytes });
    breathe();
    captionSoon();
  };
  const finish = async (type: string) => {
    if (bytes === 0) throw invalid('nothing was recorded');
    storing = true;
    clearTimeout(next);
    clearTimeout(idle);
    const whole = Buffer.concat(chunks);
    say({ type: 'stored', ...(await props.store(whole, type)) });
    await listening;
    if (!over.signal.aborted) await caption('final');
    if (!over.signal.aborted) end();
  };
  const obey = (up: StreamUp): Promise<void> | undefined => {
    if (up.type === 'begin') {
      if (contentType !== undefined) throw invalid('begin comes once');
      contentType = up.contentType;
      return undefined;
    }
    if (contentType === undefined || storing) throw invalid('end comes once, after begin');
    return finish(contentType);
  };

  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (over.signal.aborted) return;
    idle.refresh();
    try {
      if (isBinary) take(data as Buffer);
      else obey(parse(data as Buffer))?.catch(fail);
    } catch (error) {
      fail(error);
    }
  });
  return new Promise(resolve => {
    socket.on('error', error => log.debug('stream broke', { message: error.name }));
    socket.on('close', () => {
      over.abort();
      for (const timer of [idle, tooLong, session, next]) clearTimeout(timer);
      resolve();
    });
  });
}

function parse(data: Buffer): StreamUp {
  try {
    return streamUp.parse(JSON.parse(data.toString()));
  } catch {
    throw invalid('wanted begin with a type of audio, or end');
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('RequestInvalid', message);
}
