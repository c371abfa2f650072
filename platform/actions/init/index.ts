import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { configJsonSchema, parseConfig } from '../../config/index.js';
import { type Finding, PlatformError } from '../../errors.js';
import type { Report } from '../../report.js';
import { type Lift, type LiftLine, lift } from './lift.js';
import { type Answers, render } from './render.js';

export type { Answers } from './render.js';

export interface InitOptions extends Answers {
  /** File to write. */
  readonly out: string;
  /** Replace what is there. @default false */
  readonly force?: boolean;
  /** Values of the Pulsar chart to lift. @default - none */
  readonly from?: string;
}

export interface InitResult {
  readonly files: readonly string[];
  /** What became of each value of the file that was lifted. */
  readonly lines: readonly LiftLine[];
  /** What is wrong, or doubtful, in the config that was written. */
  readonly findings: readonly Finding[];
}

const SCHEMA = 'platform.schema.json';

/** Writes a commented platform.yaml, and its schema for editors beside it. Each file appears whole, or not at all. */
export async function init(options: InitOptions, report: Report): Promise<InitResult> {
  const { out, force = false, from } = options;
  if (!force && existsSync(out)) {
    throw new PlatformError('FileExists', `${out} is there already`, {
      where: path.resolve(out),
      refused: true,
    });
  }
  const lifted: Lift =
    from === undefined ? { settings: new Map(), lines: [] } : lift(await textOf(from), from);
  const text = render(options, lifted.settings);
  const { config, findings } = parseConfig(text, { file: out, today: new Date().toISOString().slice(0, 10) });
  // Answers that cannot work are refused; what was lifted is written all the same, with what is wrong in it.
  if (config === undefined && from === undefined) {
    throw new PlatformError('ConfigInvalid', 'these answers make no sound config', {
      findings,
      refused: true,
    });
  }
  const schema = path.join(path.dirname(out), SCHEMA);
  await writeFileAtomic(schema, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  await writeFileAtomic(out, text);
  report.generate('init', out);
  return { files: [out, schema], lines: lifted.lines, findings };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new PlatformError('ValuesUnreadable', `${file} cannot be read`, {
      where: file,
      refused: true,
      cause,
    });
  }
}
