import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { z } from 'zod';

/** A word that was heard, with its time in seconds from the beginning. */
export interface Word {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

export interface RecognizerProps {
  /** A Python that has pocketsphinx. */
  readonly python: string;
  readonly script: string;
}

/** One process that recognises one recording at a time. */
export interface Recognizer {
  readonly pid: number | undefined;
  /** Whether its model is loaded and it is alive. */
  readonly ready: boolean;
  /** What 16-bit mono PCM at 16 kHz says. Fails when the process dies, or needs so long that it must hang. */
  ask(pcm: Int16Array): Promise<readonly Word[]>;
  kill(): void;
}

const SAMPLE_RATE = 16_000;
/** A second of sound takes an eighth of a second on an idle core; who needs this much hangs. */
const MAX_MS_PER_SECOND = 5_000;
const MAX_BASE_MS = 20_000;

const answer = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ words: z.array(z.object({ word: z.string(), start: z.number(), end: z.number() })) }),
]);

interface Question {
  resolve(words: readonly Word[]): void;
  reject(reason: Error): void;
}

/** @param onEnd called once when the process is gone, whatever the reason */
export function startRecognizer({ python, script }: RecognizerProps, onEnd: () => void): Recognizer {
  const child = spawn(python, ['-u', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  let ready = false;
  let question: Question | undefined;

  let ended = false;
  const end = (reason: string) => {
    if (ended) return;
    ended = true;
    ready = false;
    child.kill('SIGKILL');
    question?.reject(new Error(`the recognizer ended: ${reason}`));
    onEnd();
  };
  child.on('error', ({ message }) => end(message));
  child.on('exit', (code, signal) => end(`${signal ?? `exit code ${code}`}`));
  child.stdin.on('error', ({ message }) => end(message));
  createInterface(child.stdout).on('line', line => {
    const said = answer.safeParse(parseJson(line));
    if (!said.success) end('it said something else than JSON');
    else if ('ready' in said.data) ready = true;
    else question?.resolve(said.data.words);
  });

  return {
    pid: child.pid,
    get ready() {
      return ready;
    },
    ask: pcm => {
      const patience = MAX_BASE_MS + (pcm.length / SAMPLE_RATE) * MAX_MS_PER_SECOND;
      const timeout = setTimeout(() => end('it hangs'), patience);
      return new Promise<readonly Word[]>((resolve, reject) => {
        question = { resolve, reject };
        if (ended) return reject(new Error('the recognizer ended before it was asked'));
        const length = Buffer.alloc(4);
        length.writeUInt32LE(pcm.byteLength);
        child.stdin.write(length);
        child.stdin.write(Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength));
      }).finally(() => clearTimeout(timeout));
    },
    kill: () => end('it was told to'),
  };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
