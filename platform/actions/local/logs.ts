import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suggestion } from '../../config/index.js';
import { PlatformError } from '../../errors.js';
import { type StateFolder, tail } from '../../local/index.js';

const TAIL_BYTES = 1024 * 1024;
const POLL_MS = 250;

export interface LogLine {
  readonly process: string;
  readonly line: string;
}

export interface LogOptions {
  /** How many of the last lines of each process. */
  readonly lines: number;
  /** @default - all */
  readonly process?: string;
}

/** The last lines of the logs. */
export async function lastLogLines(folder: StateFolder, { lines, process }: LogOptions): Promise<LogLine[]> {
  const names = await processesWithLogs(folder, process);
  const texts = await Promise.all(names.map(name => tail(folder.log(name), TAIL_BYTES)));
  return names.flatMap((name, index) =>
    linesOf(texts[index] ?? '')
      .slice(-lines)
      .map(line => ({ process: name, line })),
  );
}

/** Hands on each line that is written from now on, until the signal. */
export async function followLogs(
  folder: StateFolder,
  process: string | undefined,
  signal: AbortSignal,
  onLine: (line: LogLine) => void,
): Promise<void> {
  const offsets = new Map<string, number>();
  for (const name of await processesWithLogs(folder, process)) {
    offsets.set(name, (await readFrom(folder.log(name), undefined)).end);
  }
  while (!signal.aborted) {
    for (const name of await processesWithLogs(folder, process)) {
      const { text, end } = await readFrom(folder.log(name), offsets.get(name) ?? 0);
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      offsets.set(name, end - Buffer.byteLength(text) + Buffer.byteLength(whole));
      for (const line of linesOf(whole)) onLine({ process: name, line });
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** What a file holds from an offset on; from its beginning when it was put aside meanwhile. */
async function readFrom(
  file: string,
  offset: number | undefined,
): Promise<{ readonly text: string; readonly end: number }> {
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return { text: '', end: 0 };
  try {
    const { size } = await handle.stat();
    if (offset === undefined) return { text: '', end: size };
    const position = size < offset ? 0 : offset;
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(size - position), position });
    return { text: buffer.toString('utf8', 0, bytesRead), end: position + bytesRead };
  } finally {
    await handle.close();
  }
}

async function processesWithLogs(folder: StateFolder, process?: string): Promise<string[]> {
  const logs = path.dirname(folder.log(''));
  const files = await readdir(logs).catch(() => []);
  const names = files.filter(file => file.endsWith('.log')).map(file => path.basename(file, '.log'));
  if (process === undefined) return names.sort();
  if (names.includes(process)) return [process];
  throw new PlatformError('LogNotFound', `there is no log of "${process}"`, {
    where: logs,
    saw: process,
    ...(names.length > 0
      ? { want: `one of ${names.sort().join(', ')}`, ...suggestion(process, names) }
      : { want: 'a log; nothing has written one yet', fix: 'platform local up' }),
    refused: true,
  });
}

function linesOf(text: string): string[] {
  return text.split('\n').filter(Boolean);
}
