import { isMap } from 'yaml';
import { checkPulsarValues } from '../../../charts/pulsar/index.js';
import {
  type Artifacts,
  type CheckResult,
  NO_ARTIFACTS,
  RULES,
  runRules,
  type Subject,
} from '../../checks/index.js';
import { type Config, environmentsOf, locate, readSource, type Source } from '../../config/index.js';
import { type Finding, PlatformError } from '../../errors.js';
import { type ClusterPlan, makePlan } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { type ConfigText, parsedConfig, readConfigText } from '../load.js';
import { artifactsOf } from './artifacts.js';
import { acrossEnvironments, BASE, type CheckedEnvironment } from './environments.js';
import { type ForeignFiles, foreignArtifacts, knownChart } from './foreign.js';
import type { Asked, LiveOptions, LiveResult } from './live/index.js';

export type { LiveOptions } from './live/index.js';

export interface CheckOptions extends ForeignFiles {
  /** platform.yaml; not read when files of somebody else are given. */
  readonly config: string;
  readonly env?: string;
  /** Check every environment of the config besides its base, where `env` names none. @default false */
  readonly everyEnvironment?: boolean;
  /** The chart whose values are given. @default 'pulsar@4.7.0' */
  readonly chart?: string;
  /** Ask CloudFormation's own check too, which takes some seconds. @default false */
  readonly cloudformation?: boolean;
  /** What runs is asked, too. @default - nothing outside is asked */
  readonly live?: LiveOptions;
}

export interface CheckReport extends CheckResult {
  /** What was checked: `prod`, or a file. */
  readonly subject: string;
  /** Rules that could not look, since the config is not sound. */
  readonly waiting: number;
  /** What was asked of what runs, and what was not, with the reason. Absent without `live`. */
  readonly asked?: readonly Asked[];
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
  const read = await readConfigText(options.config);
  const names = options.everyEnvironment && options.env === undefined ? environmentsOf(read.text) : [];
  return names.length > 0 ? checkEach(names, read, options, report) : checkConfig(read, options, report);
}

/** The same of one environment of what was read before. */
export function checkText(read: ConfigText, env: string | undefined, report: Report): Promise<CheckReport> {
  return checkConfig(read, { config: read.file, ...(env !== undefined && { env }) }, report);
}

/** The base and every environment, as one result. */
async function checkEach(
  names: readonly string[],
  read: ConfigText,
  options: CheckOptions,
  report: Report,
): Promise<CheckReport> {
  const checked: CheckedEnvironment[] = [];
  for (const env of [undefined, ...names]) {
    const result = await checkConfig(read, { ...options, ...(env !== undefined && { env }) }, report);
    checked.push({ environment: env ?? BASE, result });
  }
  const { environments, rules, findings } = acrossEnvironments(checked);
  return {
    subject: `${options.config} (${environments.join(', ')})`,
    waiting: RULES.length - rules.length,
    ...sorted({ rules, findings }, []),
  };
}

async function checkConfig(text: ConfigText, options: CheckOptions, report: Report): Promise<CheckReport> {
  const subject = options.env ?? options.config;
  const read = configOf(text, options.env);
  const source = readSource(text.text, text.file);
  if (read.config === undefined) {
    const { rules, findings } = withoutPlan(read.findings);
    const readable = read.findings.every(({ code }) => code !== 'ConfigSyntax');
    const swallowed = readable ? swallowedValues(source, options.env) : [];
    return { subject, waiting: RULES.length - rules.length, ...sorted({ rules, findings }, swallowed) };
  }
  const plan = makePlan(read.config, { target: 'cluster' });
  report.progress('check', `${plan.names.prefix}: making everything that is checked`);
  const { artifacts, findings } = await artifactsOf(plan, {
    source,
    ...(options.cloudformation && { cloudformation: true }),
  });
  const result = checked({ config: read.findings, plan, artifacts }, findings);
  if (options.live === undefined) return { subject, waiting: 0, ...result };
  report.progress('check', 'asking what runs');
  const live = await liveOf(options, { config: read.config, plan, artifacts }, options.live);
  return {
    subject,
    waiting: 0,
    ...sorted({ ...result, rules: merged(result.rules, live.rules) }, live.findings),
    asked: live.asked,
  };
}

/** A file that does not fit the schema is shown to no rule, so that none has passed. */
function withoutPlan(config: readonly Finding[]): CheckResult {
  const result = checked({ config, artifacts: NO_ARTIFACTS });
  const known = new Set(RULES.map(({ code }) => code));
  return config.every(({ code }) => known.has(code)) ? result : { ...result, rules: [] };
}

/** What the chart would swallow of the user's own values: it is seen without a plan. */
function swallowedValues(source: Source, env: string | undefined): readonly Finding[] {
  const roots = env === undefined ? [[]] : [[], ['environments', env]];
  return roots.flatMap(root => {
    const path = [...root, 'pulsar', 'values'];
    const node = source.document.getIn(path);
    if (!isMap(node)) return [];
    return checkPulsarValues(node.toJS(source.document), at => locate(source, [...path, ...at]));
  });
}

/** Config findings that no rule is for (unknown keys, wrong types) are told as they are. */
export function checked(subject: Subject, more: readonly Finding[] = []): CheckResult {
  const known = new Set(RULES.map(({ code }) => code));
  const others = (subject.config ?? []).filter(({ code }) => !known.has(code));
  return sorted(runRules(RULES, subject), [...others, ...more]);
}

function configOf(
  text: ConfigText,
  env: string | undefined,
): { readonly config?: Config; readonly findings: readonly Finding[] } {
  try {
    const { config, warnings } = parsedConfig(text, env);
    return { config, findings: warnings };
  } catch (error) {
    if (error instanceof PlatformError && error.findings.length > 0) return { findings: error.findings };
    throw error;
  }
}

/** What runs: the broker of this machine; or the cluster, its broker and the AWS account. */
async function liveOf(
  { config: file }: CheckOptions,
  {
    config,
    plan,
    artifacts,
  }: { readonly config: Config; readonly plan: ClusterPlan; readonly artifacts: Artifacts },
  live: LiveOptions,
): Promise<LiveResult> {
  const { askEverything, askLocal } = await import('./live/index.js');
  return live.target === 'local'
    ? askLocal(config, file, live)
    : askEverything(plan, artifacts.objects, live);
}

function merged(offline: CheckResult['rules'], live: CheckResult['rules']): CheckResult['rules'] {
  const codes = new Set(offline.map(({ code }) => code));
  const failed = new Set(live.filter(({ passed }) => !passed).map(({ code }) => code));
  return [
    ...offline.map(rule => ({ ...rule, passed: rule.passed && !failed.has(rule.code) })),
    // Several questions may bring the same finding.
    ...[...new Map(live.map(rule => [rule.code, rule])).values()]
      .filter(({ code }) => !codes.has(code))
      .map(rule => ({ ...rule, passed: !failed.has(rule.code) })),
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
