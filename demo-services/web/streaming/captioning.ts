import { ServiceError } from '../../errors.js';
import { errorFields, type Log } from '../../runtime/log.js';
import type { Listener } from './captions.js';
import type { Line } from './line.js';
import type { Tape } from './tape.js';

export interface CaptioningProps {
  readonly line: Line;
  readonly tape: Tape;
  /** Undefined: there are no captions. */
  readonly listen: Listener | undefined;
  /** Asked before each caption. */
  readonly isMember: () => Promise<boolean>;
  /** What may wait for the engine until no more is read. */
  readonly windowBytes: number;
  /** Between the end of a caption and the beginning of the next, at least. */
  readonly everyMs: number;
  /** After each caption, also when there is none. */
  readonly onListened: () => void;
  readonly log: Log;
}

/** What a slow page may leave unread until captions are left out. */
const MAX_LAG = 64 * 1024;

/** Each caption listens to half a minute, which is paid for: the longer somebody speaks, the less often. */
const SHARE = 0.1;

export interface Captioning {
  /** The tape has grown. */
  more(): void;
  /** No caption begins any more. */
  stop(): void;
  /** Once more, of the whole. */
  last(): Promise<void>;
}

const SILENT: Captioning = { more: () => undefined, stop: () => undefined, last: async () => undefined };

/** Captions of a tape that grows, one at a time. While the engine is too far behind, the line is held. */
export function captioning({ line, tape, listen, isMember, log, ...props }: CaptioningProps): Captioning {
  if (listen === undefined) return SILENT;
  const began = Date.now();
  /** What the engine had when it began to listen the last time. */
  let heard = 0;
  let listening: Promise<void> | undefined;
  let next: NodeJS.Timeout | undefined;

  const isBehind = () => tape.bytes() - heard > props.windowBytes;
  const breathe = () => line.holdWhile(isBehind());
  const caption = async (type: 'partial' | 'final') => {
    heard = tape.bytes();
    try {
      const understood = await listen(tape.whole(), line.over);
      if (line.over.aborted) return;
      if (!(await isMember()))
        line.fail(new ServiceError('NotFound', 'there is no such thread, or not for you'));
      else if (line.lag() < MAX_LAG) line.say({ type, ...understood });
    } catch (error) {
      if (!line.over.aborted) log.debug('no caption', errorFields(error));
    }
  };
  const soon = () => {
    if (listening || next || tape.hasEnded() || line.over.aborted || tape.bytes() === heard) return;
    next = setTimeout(
      () => {
        next = undefined;
        listening = caption('partial').finally(() => {
          listening = undefined;
          breathe();
          props.onListened();
          soon();
        });
        breathe();
      },
      isBehind() ? 0 : Math.max(props.everyMs, (Date.now() - began) * SHARE),
    );
  };
  return {
    more: () => {
      breathe();
      soon();
    },
    stop: () => clearTimeout(next),
    last: async () => {
      await listening;
      if (!line.over.aborted) await caption('final');
    },
  };
}
