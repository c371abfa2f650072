import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/index.js';
import { readIfThere } from '../edges/files.js';
import type { Plan } from '../plan/index.js';
import { dueCertificates } from './certificates.js';
import type { Environment } from './install/java.js';
import { findMachine } from './machine.js';
import { brokerPart } from './parts/broker.js';
import { keysPart } from './parts/keys.js';
import type { Machine, Part } from './parts/part.js';
import { serviceParts } from './parts/services.js';
import { speechPart } from './parts/speech.js';
import { storePart } from './parts/store.js';
import { type ProcessSpec, wantedSchema } from './process-spec.js';
import { planFor, readRecord } from './record.js';
import { readSecrets } from './secrets.js';
import type { StateFolder } from './state-folder.js';

/** One thing that bringing the platform up would do. */
export interface LocalChange {
  readonly what: 'certificate' | 'process' | 'port';
  readonly name: string;
  /** `change` of a process starts it anew. */
  readonly action: 'create' | 'change' | 'delete';
  /** What differs: `env.CONCURRENCY 2 → 4`. Empty for what is new or goes. */
  readonly fields: readonly string[];
}

/** What bringing the platform up would do to the files and processes of its folder. Changes nothing. */
export async function previewPlatform(
  config: Config,
  folder: StateFolder,
  env: Environment,
): Promise<LocalChange[]> {
  const machine = await findMachine(env);
  const record = await readRecord(folder);
  const plan = planFor(config, { ports: record.ports, speechUrl: machine.speechUrl });
  const due = await dueCertificates(plan, folder);
  const [before, after] = await Promise.all([
    wantedBefore(folder),
    partsOf(
      config,
      plan,
      folder,
      machine,
      due.map(({ workload }) => workload),
    ),
  ]);
  return [
    ...portChanges(plan, record.ports),
    ...due.map(
      ({ workload, missing }): LocalChange => ({
        what: 'certificate',
        name: workload,
        action: missing ? 'create' : 'change',
        fields: [],
      }),
    ),
    ...processChanges(before, after),
  ];
}

function portChanges({ endpoints }: Plan, before: Readonly<Record<string, number>>): LocalChange[] {
  return endpoints
    .filter(
      ({ id, hostnames, protocol }) => hostnames[0] === 'localhost' && protocol !== 'wss' && !(id in before),
    )
    .map(({ id }): LocalChange => ({ what: 'port', name: id, action: 'create', fields: [] }));
}

/** The store's own part needs its certificate and its secrets; before there are any, it is simply new. */
async function partsOf(
  config: Config,
  plan: Plan,
  folder: StateFolder,
  machine: Machine,
  due: readonly string[],
): Promise<(ProcessSpec | { readonly name: string })[]> {
  const secrets = await readSecrets(folder);
  const hasStore = secrets !== undefined && existsSync(path.join(folder.certificate('store'), 'tls.crt'));
  const parts: (Part | undefined)[] = [
    brokerPart(plan, folder, machine),
    keysPart(plan, folder, machine),
    hasStore ? await storePart(plan, folder, machine, secrets) : undefined,
    ...(machine.speechUrl === undefined ? [speechPart(config, plan, folder, machine)] : []),
    ...serviceParts(plan, folder, machine),
  ];
  return parts.map(part => {
    if (part === undefined) return { name: 'store' };
    // It reads its certificate once, when it starts.
    const renewed = part.process.name === 'store' && due.includes('store');
    return renewed ? { ...part.process, revision: 'a new certificate' } : part.process;
  });
}

async function wantedBefore(folder: StateFolder): Promise<readonly ProcessSpec[]> {
  const text = await readIfThere(folder.processes);
  if (text === undefined) return [];
  const parsed = wantedSchema.safeParse(JSON.parse(text));
  return parsed.data?.processes ?? [];
}

function processChanges(
  before: readonly ProcessSpec[],
  after: readonly (ProcessSpec | { readonly name: string })[],
): LocalChange[] {
  const old = new Map(before.map(spec => [spec.name, spec]));
  const names = new Set(after.map(({ name }) => name));
  return [
    ...after.flatMap((spec): LocalChange[] => {
      const was = old.get(spec.name);
      if (was === undefined || !('command' in spec)) {
        return [{ what: 'process', name: spec.name, action: was ? 'change' : 'create', fields: [] }];
      }
      const fields = specFields(was, spec);
      return fields.length === 0 ? [] : [{ what: 'process', name: spec.name, action: 'change', fields }];
    }),
    ...before
      .filter(({ name }) => !names.has(name))
      .map(({ name }): LocalChange => ({ what: 'process', name, action: 'delete', fields: [] })),
  ];
}

/** Environments hold names, URLs and files, and never a secret itself. */
function specFields(before: ProcessSpec, after: ProcessSpec): string[] {
  const keys = [...new Set([...Object.keys(before.env), ...Object.keys(after.env)])].sort();
  return [
    ...keys
      .filter(key => before.env[key] !== after.env[key])
      .map(key => `env.${key} ${before.env[key] ?? '-'} → ${after.env[key] ?? '-'}`),
    ...(before.args.join('\n') === after.args.join('\n') && before.command === after.command
      ? []
      : ['command']),
    ...(before.revision === after.revision ? [] : ['what it reads when it starts']),
  ];
}
