import { readFile } from 'node:fs/promises';
import { type CheckResult, RULES, readObjects, runRules } from '../../checks/index.js';
import { readSource } from '../../config/index.js';
import { makePlan } from '../../plan/index.js';
import { readConfig } from '../load.js';
import { kubernetesArtifactsOf } from './kubernetes.js';

export interface ManifestsOptions {
  readonly config: string;
  readonly env?: string;
  /** Files that were made from the config. */
  readonly manifests: readonly string[];
}

/**
 * Every rule that needs no CloudFormation, over manifests as they were written to disk, with the plan and the Helm
 * values that they stand beside.
 */
export async function checkManifests({
  config: file,
  env,
  manifests,
}: ManifestsOptions): Promise<CheckResult> {
  const { config, warnings, read: from } = await readConfig(file, env);
  const plan = makePlan(config, { target: 'cluster' });
  const { releases } = kubernetesArtifactsOf(plan, readSource(from.text, file));
  const read = await Promise.all(
    manifests.map(async name => readObjects(await readFile(name, 'utf8'), name)),
  );
  const objects = read.flatMap(each => each.read ?? []);
  const { rules, findings } = runRules(RULES, {
    config: warnings,
    plan,
    artifacts: { releases, objects, templates: [] },
  });
  return { rules, findings: [...read.flatMap(each => each.findings ?? []), ...findings] };
}
