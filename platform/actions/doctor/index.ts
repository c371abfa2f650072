import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import semver from 'semver';
import { type Finding, finding, PlatformError } from '../../errors.js';
import { freeMiB, LEAST_FREE_MIB } from '../../local/index.js';
import { type ClusterPlan, makePlan } from '../../plan/index.js';
import { existingCas } from '../cluster/existing-ca.js';
import { loadConfig } from '../load.js';
import { askQuotas, type QuotaFact, quotaFindings } from './quotas.js';
import { TOOLS, type Tool, versionIn } from './tools.js';

export interface ToolFact {
  readonly name: string;
  /** Absent when it is not on this machine. */
  readonly version?: string;
  readonly wanted?: string;
  readonly needs: string;
}

export interface CredentialFact {
  readonly name: string;
  /** Where they are; never what they are. Absent when there are none. */
  readonly found?: string;
  readonly needs: string;
}

export interface Examination {
  readonly tools: readonly ToolFact[];
  readonly credentials: readonly CredentialFact[];
  readonly disk: { readonly path: string; readonly freeMiB: number };
  /** Of the AWS account, where there are credentials and a config; empty else. */
  readonly quotas: readonly QuotaFact[];
  readonly findings: readonly Finding[];
}

export interface ExamineOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The state folder of the local platform. */
  readonly root: string;
  /** The platform whose needs the quotas of AWS are compared with. @default - AWS is not asked */
  readonly plan?: ClusterPlan;
  readonly signal: AbortSignal;
}

const TOOL_TIMEOUT_MS = 20_000;

/** What this machine has of what the commands need, and its AWS account where there are credentials. */
export async function examine({ env, root, plan, signal }: ExamineOptions): Promise<Examination> {
  const answers = await Promise.all(
    TOOLS.map(async tool => ({ tool, version: await versionOf(tool, env, signal) })),
  );
  const node = { name: 'node', version: process.versions.node, wanted: '>= 20.19.0', needs: 'everything' };
  const place = nearestFolder(root);
  const free = await freeMiB(place);
  const credentials = credentialFacts(env);
  const isSignedIn = credentials.some(({ name, found }) => name === 'AWS' && found !== undefined);
  const quotas =
    plan !== undefined && isSignedIn ? await askQuotas(plan, { region: plan.region, env, signal }) : [];
  const cas = plan !== undefined && isSignedIn ? await caFindings(plan) : [];
  return {
    tools: [
      node,
      ...answers.map(({ tool: { name, oldest, needs }, version }) => ({
        name,
        ...(version !== undefined && { version }),
        ...(oldest !== undefined && { wanted: `>= ${oldest}` }),
        needs,
      })),
    ],
    credentials,
    quotas,
    disk: { path: place, freeMiB: free },
    findings: [
      ...answers.flatMap(({ tool, version }) => toolFindings(tool, version)),
      ...quotaFindings(quotas),
      ...cas,
      ...(free < LEAST_FREE_MIB
        ? [finding('DiskLow', `${place} has ${free} MiB left`, { want: `>= ${LEAST_FREE_MIB} MiB` })]
        : []),
    ],
  };
}

/** The private CAs that the config names. Nothing on this machine needs them: what is wrong with them is a warning here. */
export async function caFindings(plan: ClusterPlan): Promise<Finding[]> {
  try {
    const { findings } = await existingCas(plan);
    return findings.map(found => ({ ...found, severity: 'warning' }));
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const { code, message, where, saw, want, fix } = error;
    const details = {
      ...(where !== undefined && { where: { path: where } }),
      ...(saw !== undefined && { saw }),
      ...(want !== undefined && { want }),
    };
    return [finding(code, message, { ...details, fix, severity: 'warning' })];
  }
}

/** The plan of the config; undefined when there is none, or it has mistakes: `platform check` tells those. */
export async function planIfAny(config: string, env?: string): Promise<ClusterPlan | undefined> {
  try {
    return makePlan(await loadConfig(config, env), { target: 'cluster' });
  } catch (error) {
    if (error instanceof PlatformError) return undefined;
    throw error;
  }
}

async function versionOf(
  { name, args }: Tool,
  env: ExamineOptions['env'],
  cancelSignal: AbortSignal,
): Promise<string | undefined> {
  const home = name === 'java' ? env['JAVA_HOME'] : undefined;
  const program = home ? path.join(home, 'bin', name) : name;
  const { failed, all } = await execa(program, args, {
    all: true,
    reject: false,
    timeout: TOOL_TIMEOUT_MS,
    cancelSignal,
    extendEnv: false,
    env: { PATH: env['PATH'] ?? '', HOME: env['HOME'] ?? homedir() },
  });
  return failed ? undefined : versionIn(all);
}

/** What is wrong with a tool. Pure. */
export function toolFindings(
  { name, oldest, required, needs, fix }: Tool,
  version: string | undefined,
): Finding[] {
  const severity = required ? 'error' : 'warning';
  if (version === undefined)
    return [
      finding('ToolMissing', `${name} is not on this machine`, { severity, want: `for ${needs}`, fix }),
    ];
  const seen = semver.coerce(version);
  if (oldest === undefined || seen === null || semver.gte(seen, oldest)) return [];
  return [finding('ToolTooOld', `${name} is too old`, { severity, saw: version, want: `>= ${oldest}`, fix })];
}

/** Where credentials would be taken from. Their values are not read. Pure but for asking whether a file is there. */
export function credentialFacts(
  env: ExamineOptions['env'],
  isThere: (file: string) => boolean = existsSync,
): CredentialFact[] {
  const home = env['HOME'] ?? homedir();
  const fact = (
    name: string,
    needs: string,
    variables: readonly string[],
    files: readonly string[],
  ): CredentialFact => {
    const variable = variables.find(key => env[key]);
    const file = files.find(isThere);
    const found = variable === undefined ? file : `environment variable ${variable}${missing(variable)}`;
    return { name, needs, ...(found !== undefined && { found }) };
  };
  const missing = (variable: string) => {
    const named = variable === 'KUBECONFIG' ? (env[variable] ?? '').split(path.delimiter) : [];
    const absent = named.filter(file => file !== '' && !isThere(file));
    return absent.length > 0 ? `, but there is no ${absent.join(', ')}` : '';
  };
  return [
    fact(
      'AWS',
      'apply, diff, cost of what runs',
      ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_WEB_IDENTITY_TOKEN_FILE'],
      [path.join(home, '.aws', 'credentials'), path.join(home, '.aws', 'config')],
    ),
    fact('Kubernetes', '--target cluster', ['KUBECONFIG'], [path.join(home, '.kube', 'config')]),
    fact(
      'transcription API',
      'speech elsewhere; without it speech stays on this machine',
      ['OPENAI_API_KEY'],
      [],
    ),
  ];
}

function nearestFolder(root: string): string {
  let folder = path.resolve(root);
  while (!existsSync(folder)) folder = path.dirname(folder);
  return folder;
}
