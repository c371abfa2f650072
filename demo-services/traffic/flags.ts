import { Command, InvalidArgumentError, Option } from 'commander';
import type { TrafficProps } from './run.js';

/** What can be killed: parts of the local platform. */
export const KILLABLE = ['transcriber', 'images', 'broker', 'store'] as const;

/** Where what was found is written. */
export interface TrafficFiles {
  readonly json?: string;
  readonly html?: string;
  /** Folder for the plots. */
  readonly svg?: string;
}

/** `traffic` with its flags; both entry points have the same. */
export function trafficCommand(): Command {
  return new Command('traffic')
    .description('speak, draw, send, and follow every message to its end')
    .option('-n, --count <n>', 'messages', whole(1, 1_000_000), 30)
    .option('--image-share <part>', 'part of them that are pictures', part, 1 / 3)
    .option('--corrupt <part>', 'part of them that cannot succeed', part, 0)
    .option('--users <n>', 'who send them', whole(1, 10_000), 4)
    .option('--threads <n>', 'where they are sent to', whole(1, 10_000), 3)
    .option('--rate <n>', 'messages a second at most (default: as fast as they can be uploaded)', positive)
    .option('--concurrency <n>', 'messages uploaded at a time', whole(1, 256), 8)
    .option(
      '--seed <n>',
      'decides who says what where; the same seed, the same messages',
      whole(0, 2 ** 31),
      1,
    )
    .addOption(
      new Option('--kill <part>', 'kill -9 it while it runs; may be given several times')
        .choices(KILLABLE)
        .argParser(killable)
        .default([], 'nothing'),
    )
    .option(
      '--patience <seconds>',
      'how long nothing may happen before messages are called lost',
      positive,
      120,
    )
    .option('--json <file>', 'write the figures as JSON')
    .option('--html <file>', 'write the report as one page with plots')
    .option('--svg <dir>', 'write the plots as pictures into a folder')
    .option('--debug', 'print the stack of an error')
    .addHelpText(
      'after',
      '\nExamples:\n  $ scripts/traffic --count 60 --corrupt 0.1 --html report.html\n  $ scripts/traffic --count 300 --image-share 0.9 --kill images --kill broker --json figures.json',
    )
    .exitOverride();
}

/** The flags as the traffic takes them. */
export function propsOf(command: Command): { readonly props: TrafficProps; readonly files: TrafficFiles } {
  const flags = command.opts();
  const { count, imageShare, corrupt, users, threads, rate, concurrency, seed, kill, patience } = flags;
  const { json, html, svg } = flags;
  return {
    props: {
      ...{ count, imageShare, corrupt, users, threads, concurrency, seed },
      ...(rate !== undefined && { rate }),
      kills: kill,
      patienceMs: patience * 1_000,
    },
    files: { json, html, svg },
  };
}

function whole(min: number, max: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`wanted a whole number from ${min} to ${max}`);
  };
}

function part(text: string): number {
  const value = Number(text);
  if (text !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('wanted a part from 0 to 1, such as 0.1');
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('wanted a number above 0');
}

function killable(text: string, before: readonly string[]): string[] {
  if (KILLABLE.some(name => name === text)) return [...before, text];
  throw new InvalidArgumentError(`wanted one of ${KILLABLE.join(', ')}`);
}
