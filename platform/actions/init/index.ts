import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { configJsonSchema, parseConfig } from '../../config/index.js';
import { makeFolder, told } from '../../edges/files.js';
import { type Finding, PlatformError } from '../../errors.js';
import type { Report } from '../../report.js';
import { readGiven } from '../read-text.js';
import { type Lift, type LiftLine, lift } from './lift.js';
import { type Answers, render } from './render.js';

export type { Answers } from './render.js';

export interface InitOptions extends Answers {
  /** File to write, or the folder that gets it. */
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

const CONFIG = 'platform.yaml';
const SCHEMA = 'platform.schema.json';

/** Writes a commented platform.yaml, and its schema for editors beside it. Each file appears whole, or not at all. */
export async function init(options: InitOptions, report: Report): Promise<InitResult> {
  const { force = false, from } = options;
  const isNamedFolder = /[/\\]$/.test(options.out) || (await isFolder(options.out));
  const out = isNamedFolder ? path.join(options.out, CONFIG) : options.out;
  if (!force && existsSync(out)) {
    throw new PlatformError('FileExists', `${out} is there already`, {
      where: path.resolve(out),
      refused: true,
    });
  }
  const lifted: Lift =
    from === undefined ? { settings: new Map(), lines: [] } : lift(await readGiven(from), from);
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
  await told(path.dirname(out), () => makeFolder(path.dirname(out)));
  await told(schema, () => writeFileAtomic(schema, `${JSON.stringify(configJsonSchema(), null, 2)}\n`));
  await told(out, () => writeFileAtomic(out, text));
  report.generate('init', out);
  return { files: [out, schema], lines: lifted.lines, findings };
}

function isFolder(file: string): Promise<boolean> {
  return stat(file).then(
    found => found.isDirectory(),
    () => false,
  );
}
