import { Worker } from 'node:worker_threads';

const PROGRAM = new URL('./speaker.js', import.meta.url);

/** Says each sentence once. @returns a WAV file for each: 16 bits, mono, 16 kHz */
export async function speak(sentences: readonly string[]): Promise<ReadonlyMap<string, Buffer>> {
  const distinct = [...new Set(sentences)];
  if (distinct.length === 0) return new Map();
  const spoken: Buffer[] = [];
  const speaker = new Worker(PROGRAM, { workerData: distinct, execArgv: ['--no-warnings'] });
  speaker.on('message', (wav: Uint8Array) => spoken.push(Buffer.from(wav)));
  await new Promise<void>((resolve, reject) => {
    speaker.once('error', reject);
    speaker.once('exit', () => resolve());
  });
  return new Map(distinct.map((sentence, i) => [sentence, spoken[i] ?? Buffer.alloc(0)]));
}
