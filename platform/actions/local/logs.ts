import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { PlatformError } from '../../errors.js';
import { type StateFolder, tail } from '../../local/index.js';

const TAIL_BYTES = 1024 * 1024;

export interface LogLine {
  readonly process: string;
  readonly line: string;
}

/** The last lines of the logs of all processes, or of one. */
export async function lastLogLines(folder: StateFolder, lines: number, process?: string): Promise<LogLine[]> {
  const names = await processesWithLogs(folder, process);
  const texts = await Promise.all(names.map(name => tail(folder.log(name), TAIL_BYTES)));
  return names.flatMap((name, index) =>
    (texts[index] ?? '')
      .split('\n')
      .filter(Boolean)
      .slice(-lines)
      .map(line => ({ process: name, line })),
  );
}

export async function processesWithLogs(folder: StateFolder, process?: string): Promise<string[]> {
  const logs = path.dirname(folder.log(''));
  const files = await readdir(logs).catch(() => []);
  const names = files.filter(file => file.endsWith('.log')).map(file => path.basename(file, '.log'));
  if (process === undefined) return names.sort();
  if (names.includes(process)) return [process];
  throw new PlatformError('LocalNotRunning', `there is no log of "${process}"`, {
    where: logs,
    saw: names.join(', ') || 'no logs',
    refused: true,
  });
}
