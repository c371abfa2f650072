import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { environmentsOf } from '../config/index.js';
import type { Finding } from '../errors.js';
import type { Report } from '../report.js';
import { planOf } from './plan.js';
import { synth } from './synth/index.js';

export interface RehearseOptions {
  readonly config: string;
  /** Environment that is wanted; one that the config does not have is left out. */
  readonly env: string;
  /** Folder for what is made. */
  readonly out: string;
  readonly report: Report;
}

/** Plans and makes everything that would be deployed, without an account, and tells how much it is. */
export async function rehearse({
  config,
  env: wanted,
  out,
  report,
}: RehearseOptions): Promise<readonly Finding[]> {
  const env = environmentsOf(await readFile(config, 'utf8')).find(name => name === wanted);
  const subject = env ?? 'default';
  const { workloads, dials, certificates, topics, roles } = await planOf(config, env, 'cluster');
  report.success(
    'plan',
    `${subject}: ${workloads.length} workloads, ${dials.length} dials, ${certificates.length} certificates, ` +
      `${topics.length} topics, ${roles.length} roles`,
  );
  const began = Date.now();
  const folder = path.join(out, subject);
  const { aws, findings } = await synth(
    { config, ...(env && { env }), out: folder, validate: false },
    report,
  );
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  report.success('synth', `${subject}: ${aws.length} stacks of CloudFormation (${seconds} s)`);
  return findings;
}
