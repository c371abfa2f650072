import path from 'node:path';
import { environmentsOf } from '../config/index.js';
import type { Report } from '../report.js';
import { check } from './check/index.js';
import { readConfigText } from './load.js';
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

/**
 * Plans, makes and checks everything that would be deployed, without an account, and tells how much it is.
 *
 * @returns whether the check found no error
 */
export async function rehearse({ config, env: wanted, out, report }: RehearseOptions): Promise<boolean> {
  const known = environmentsOf((await readConfigText(config)).text).find(name => name === wanted);
  const env = known === undefined ? {} : { env: known };
  const subject = known ?? 'default';

  const { workloads, dials, certificates, topics, roles } = await planOf(config, known, 'cluster');
  report.success(
    'plan',
    `${subject}: ${workloads.length} workloads, ${dials.length} dials, ${certificates.length} certificates, ` +
      `${topics.length} topics, ${roles.length} roles`,
  );

  const synthesizing = stopwatch();
  const folder = path.join(out, subject);
  // What was made is checked below, in every layer; CloudFormation's own check takes longer than all of this.
  const { aws } = await synth({ config, ...env, out: folder, validate: false }, report);
  report.success('synth', `${subject}: ${aws.length} stacks of CloudFormation (${synthesizing()} s)`);

  const checking = stopwatch();
  const { rules, findings } = await check({ config, ...env }, report);
  const errors = findings.filter(({ severity }) => severity === 'error');
  for (const { code, message } of errors) report.failure('check', `${code}: ${message}`);
  const passed = rules.filter(rule => rule.passed).length;
  const told = `${subject}: ${passed} of ${rules.length} rules passed (${checking()} s)`;
  const more = findings.length > 0 ? `; platform check${known ? ` --env ${known}` : ''} tells more` : '';
  if (errors.length > 0) report.failure('check', `${told}${more}`);
  else report.success('check', `${told}${more}`);
  return errors.length === 0;
}

/** @returns seconds since now, for people */
function stopwatch(): () => string {
  const began = Date.now();
  return () => ((Date.now() - began) / 1000).toFixed(1);
}
