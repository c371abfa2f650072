import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Finding } from '../../errors.js';
import { makePlan } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { readConfig } from '../load.js';
import { synthAws } from './aws.js';

export interface SynthOptions {
  readonly config: string;
  readonly env?: string;
  /** Folder that is written; `aws/` in it is replaced. */
  readonly out: string;
  /** @default true */
  readonly validate?: boolean;
}

export interface SynthResult {
  readonly aws: readonly {
    /** Path under the folder. */
    readonly file: string;
    readonly stackName: string;
    readonly needs: readonly string[];
  }[];
  readonly findings: readonly Finding[];
}

/** Writes everything that the config makes: the same config, the same bytes. */
export async function synth(options: SynthOptions, report: Report): Promise<SynthResult> {
  const { config, warnings } = await readConfig(options.config, options.env);
  const plan = makePlan(config, { target: 'cluster' });
  report.action('aws', `${plan.names.prefix}: CloudFormation`);
  const { stacks, findings } = await synthAws(plan, { validate: options.validate ?? true });
  const folder = path.join(options.out, 'aws');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const aws = stacks.map(({ name, stackName, needs }) => ({
    file: path.join('aws', `${name}.template.json`),
    stackName,
    needs,
  }));
  for (const { name, template } of stacks) {
    await writeFile(path.join(folder, `${name}.template.json`), template);
  }
  report.generate('aws', `${stacks.length} stacks in ${folder}`);
  return { aws, findings: [...warnings, ...findings] };
}
