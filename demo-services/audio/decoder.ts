import { type ChildProcess, fork } from 'node:child_process';
import PQueue from 'p-queue';
import { ServiceError } from '../errors.js';
import type { DecodeAnswer, DecodeRequest } from './decoder-process.js';

/** Far more than the longest accepted recording takes: who needs it hangs. */
const MAX_MS = 30_000;
/** Of JavaScript objects; sound itself lies outside of it and is bounded by the limits of `decodeSpeech`. */
const MAX_HEAP_MIB = 128;
const PROGRAM = new URL('./decoder-process.js', import.meta.url);

export interface Decoder {
  /**
   * `decodeSpeech`, in another process and one file at a time: its memory is needed once, and whatever a file does to
   * a decoder, the service lives. Of a file that a decoder does not survive twice, the file is to blame.
   */
  decode(bytes: Uint8Array, signal?: AbortSignal): Promise<Int16Array>;
  close(): void;
}

export function decoder(limits: { readonly maxSeconds: number }): Decoder {
  const queue = new PQueue({ concurrency: 1 });
  let child: ChildProcess | undefined;

  const decodeNow = async (bytes: Uint8Array): Promise<Int16Array> => {
    const request: DecodeRequest = { bytes: new Uint8Array(bytes), maxSeconds: limits.maxSeconds };
    const answer = (await ask(request)) ?? (await ask(request));
    if (answer === undefined) {
      throw new ServiceError('AudioUnreadable', 'the audio is broken', { saw: 'no decoder survives it' });
    }
    if ('pcm' in answer) return answer.pcm;
    const { code, message, saw, want } = answer;
    throw new ServiceError(code, message, { ...(saw && { saw }), ...(want && { want }) });
  };

  /** Undefined when the process died over it. */
  const ask = (request: DecodeRequest): Promise<DecodeAnswer | undefined> => {
    const asked = child?.connected ? child : start();
    child = asked;
    return new Promise(resolve => {
      const patience = setTimeout(() => asked.kill('SIGKILL'), MAX_MS);
      const settle = (answer?: DecodeAnswer) => {
        clearTimeout(patience);
        asked.removeAllListeners();
        // A process that dies later, or can't be written to, is replaced at the next question.
        asked.on('error', () => asked.kill('SIGKILL'));
        resolve(answer);
      };
      asked.once('message', message => settle(message as DecodeAnswer));
      asked.once('exit', () => settle());
      asked.once('error', () => settle());
      asked.send(request);
    });
  };

  return {
    decode: (bytes, signal) => queue.add(() => decodeNow(bytes), { ...(signal && { signal }) }),
    close: () => {
      queue.clear();
      child?.kill('SIGKILL');
    },
  };
}

function start(): ChildProcess {
  return fork(PROGRAM, {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${MAX_HEAP_MIB}`],
    env: {},
    // V8's last words about its memory are long and tell nothing that the code does not.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}
