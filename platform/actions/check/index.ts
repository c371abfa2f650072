import { readFile } from 'node:fs/promises';
import {
  type Artifacts,
  type CheckResult,
  NO_ARTIFACTS,
  RULES,
  runRules,
  type Subject,
} from '../../checks/index.js';
import { type Config, readSource } from '../../config/index.js';
import { type Finding, PlatformError } from '../../errors.js';
import { makePlan } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { readConfig } from '../load.js';
import { artifactsOf } from './artifacts.js';
import { type ForeignFiles, foreignArtifacts, knownChart } from './foreign.js';

export interface CheckOptions extends ForeignFiles {
  /** platform.yaml; not read when files of somebody else are given. */
  readonly config: string;
  readonly env?: string;
  /** The chart whose values are given. @default 'pulsar@4.7.0' */
  readonly chart?: string;
  /** Ask CloudFormation's own check too, which takes some seconds. @default false */
  readonly cloudformation?: boolean;
  /** What runs is asked, too. @default - nothing outside is asked */
  readonly live?: LiveOptions;
}

export type LiveOptions =
  | { readonly target: 'cluster'; readonly context?: string }
  | { readonly target: 'local'; readonly state?: string };

export interface CheckReport extends CheckResult {
  /** What was checked: `prod`, or a file. */
  readonly subject: string;
  /** Rules that could not look, since the config is not sound. */
  readonly waiting: number;
}

const SEVERITIES = ['error', 'warning', 'info'] as const;

/** Every rule over config, plan and artifacts, or over somebody's own files. Changes nothing. */
export async function check(options: CheckOptions, report: Report): Promise<CheckReport> {
  const { values, objects = [], templates = [] } = options;
  const files = [...(values === undefined ? [] : [values]), ...objects, ...templates];
  if (files.length > 0) {
    const chart = knownChart(options.chart ?? 'pulsar');
    const { artifacts, findings } = await foreignArtifacts(options, chart);
    return { subject: files.join(', '), waiting: 0, ...sorted(runRules(RULES, { artifacts }), findings) };
  }
  return checkConfig(options, report);
}

async function checkConfig(options: CheckOptions, report: Report): Promise<CheckReport> {
  const subject = options.env ?? options.config;
  const read = await configOf(options);
  if (read.config === undefined) {
    const result = withoutPlan(read.findings);
    return { subject, waiting: RULES.length - result.rules.length, ...result };
  }
  const plan = makePlan(read.config, { target: 'cluster' });
  const source = readSource(await readFile(options.config, 'utf8'), options.config);
  report.progress('check', `${plan.names.prefix}: making everything that is checked`);
  const { artifacts, findings } = await artifactsOf(plan, {
    source,
    ...(options.cloudformation && { cloudformation: true }),
  });
  const result = checked({ config: read.findings, plan, artifacts }, findings);
  if (options.live === undefined) return { subject, waiting: 0, ...result };
  report.progress('check', 'asking what runs');
  const live = await liveOf(options, read.config, options.live);
  return {
    subject,
    waiting: 0,
    ...sorted({ ...result, rules: merged(result.rules, live.rules) }, live.findings),
  };
}

/** A file that does not fit the schema is shown to no rule, so that none has passed. */
function withoutPlan(config: readonly Finding[]): CheckResult {
  const result = checked({ config, artifacts: NO_ARTIFACTS });
  const known = new Set(RULES.map(({ code }) => code));
  return config.every(({ code }) => known.has(code)) ? result : { ...result, rules: [] };
}

/** Config findings that no rule is for (unknown keys, wrong types) are told as they are. */
function checked(subject: Subject, more: readonly Finding[] = []): CheckResult {
  const known = new Set(RULES.map(({ code }) => code));
  const others = (subject.config ?? []).filter(({ code }) => !known.has(code));
  return sorted(runRules(RULES, subject), [...others, ...more]);
}

async function configOf({
  config,
  env,
}: CheckOptions): Promise<{ config?: Config; findings: readonly Finding[] }> {
  try {
    const { config: read, warnings } = await readConfig(config, env);
    return { config: read, findings: warnings };
  } catch (error) {
    if (error instanceof PlatformError && error.findings.length > 0) return { findings: error.findings };
    throw error;
  }
}

/** What the cluster or the broker says, by the same rules where they are over objects. */
async function liveOf(options: CheckOptions, config: Config, live: LiveOptions): Promise<CheckResult> {
  const { liveObjects, localBroker } = await import('./live.js');
  if (live.target === 'local') {
    return { rules: [], findings: await localBroker(config, live.state, options.config) };
  }
  const plan = makePlan(config, { target: 'cluster' });
  const { connectCluster } = await import('../cluster/connect.js');
  const artifacts: Artifacts = {
    ...NO_ARTIFACTS,
    objects: await liveObjects(connectCluster(plan, live), plan),
  };
  return runRules(
    RULES.filter(({ reads }) => reads.includes('objects')),
    { plan, artifacts },
  );
}

function merged(offline: CheckResult['rules'], live: CheckResult['rules']): CheckResult['rules'] {
  const codes = new Set(offline.map(({ code }) => code));
  const failed = new Set(live.filter(({ passed }) => !passed).map(({ code }) => code));
  return [
    ...offline.map(rule => ({ ...rule, passed: rule.passed && !failed.has(rule.code) })),
    ...live.filter(({ code }) => !codes.has(code)),
  ];
}

/** Errors first; within a severity as the rules come. */
function sorted({ rules, findings }: CheckResult, more: readonly Finding[]): CheckResult {
  const all = [...more, ...findings];
  return {
    rules,
    findings: SEVERITIES.flatMap(severity => all.filter(found => found.severity === severity)),
  };
}
