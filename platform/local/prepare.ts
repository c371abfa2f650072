import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import type { Config } from '../config/index.js';
import { makePrivateFolder, writePrivate } from '../edges/files.js';
import { PlatformError } from '../errors.js';
import type { Plan } from '../plan/index.js';
import { ensureCertificates, type IssuedWorkload } from './certificates.js';
import { packageRoot } from './compiled.js';
import { freeMiB, LEAST_FREE_MIB } from './disk.js';
import { type Environment, requireJava } from './install/java.js';
import { manifestFile } from './install/manifest.js';
import { partFolders } from './install/parts.js';
import { brokerPart } from './parts/broker.js';
import { basicEnvironment, type Machine } from './parts/part.js';
import { serviceParts } from './parts/services.js';
import { speechPart } from './parts/speech.js';
import { storePart } from './parts/store.js';
import { choosePorts } from './ports.js';
import type { ProcessSpec } from './process-spec.js';
import { planFor, readRecord, writeRecord } from './record.js';
import { ensureSecrets, type LocalSecrets } from './secrets.js';
import type { StateFolder } from './state-folder.js';
import { ensureTokens } from './tokens.js';

/** Everything that is decided before a process starts. */
export interface PreparedPlatform {
  readonly plan: Plan;
  readonly processes: readonly ProcessSpec[];
  readonly certificates: readonly IssuedWorkload[];
  readonly secrets: LocalSecrets;
}

export interface PrepareOptions {
  readonly config: Config;
  readonly folder: StateFolder;
  readonly env: Environment;
  /** Processes that run already. */
  readonly running: readonly string[];
}

/**
 * Chooses ports, makes certificates, tokens and secrets where they are missing or due, and writes what the parts
 * read. Doing it again changes nothing.
 */
export async function prepare({ config, folder, env, running }: PrepareOptions): Promise<PreparedPlatform> {
  const machine = await findMachine(env);
  await expectFreeDisk(folder);
  const plan = await choosePlan(config, folder, env, running);
  const [certificates, secrets] = await Promise.all([
    ensureCertificates(plan, folder),
    ensureSecrets(folder, machine.speechUrl === undefined ? undefined : (env['OPENAI_API_KEY'] ?? 'none')),
    ensureTokens(plan, folder),
  ]);
  const parts = [
    brokerPart(plan, folder, machine),
    await storePart(plan, folder, machine, secrets),
    ...(machine.speechUrl === undefined ? [speechPart(config, plan, folder, machine)] : []),
    ...serviceParts(plan, folder, machine),
  ];
  for (const { files, folders } of parts) {
    for (const made of folders) await makePrivateFolder(made);
    for (const [file, data] of Object.entries(files)) await writePrivate(file, data);
  }
  return { plan, processes: parts.map(({ process: spec }) => spec), certificates, secrets };
}

/** The plan with this machine's ports, which are recorded so that others compute the same one. */
async function choosePlan(
  config: Config,
  folder: StateFolder,
  env: Environment,
  running: readonly string[],
): Promise<Plan> {
  const speechUrl = speechElsewhere(env);
  const { ports: before } = await readRecord(folder);
  const without = planFor(config, { ports: {}, speechUrl });
  const record = { ports: await choosePorts(without, before, running), speechUrl };
  await writeRecord(folder, record);
  return planFor(config, record);
}

/** The user's own transcription API. The key alone is no wish to send audio there. */
function speechElsewhere(env: Environment): string | undefined {
  const url = env['OPENAI_BASE_URL'] || undefined;
  if (url === undefined || URL.canParse(url)) return url;
  throw new PlatformError('ConfigInvalid', 'OPENAI_BASE_URL is not a URL', {
    where: 'environment variable OPENAI_BASE_URL',
    saw: url,
    want: 'a URL such as https://api.openai.com/v1',
    fix: 'mend the variable, or unset it to have speech recognised on this machine',
    refused: true,
  });
}

async function findMachine(env: Environment): Promise<Machine> {
  const folders = partFolders();
  for (const folder of Object.values(folders)) {
    if (!existsSync(manifestFile(folder))) {
      throw new PlatformError('PartMissing', `${folder} is not installed`, { where: folder, refused: true });
    }
  }
  return {
    java: await requireJava(env),
    ...folders,
    loopback: process.platform === 'darwin' ? 'lo0' : 'lo',
    code: await digestOf(path.join(packageRoot(), 'dist', 'demo-services')),
    env: basicEnvironment(env),
    speechUrl: speechElsewhere(env),
  };
}

async function digestOf(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true })).filter(file => file.endsWith('.js')).sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(await readFile(path.join(folder, file)));
  return hash.digest('hex');
}

async function expectFreeDisk({ root }: StateFolder): Promise<void> {
  const free = await freeMiB(root);
  if (free >= LEAST_FREE_MIB) return;
  throw new PlatformError('DiskFull', 'there is too little space for the state of the local platform', {
    where: root,
    saw: `${free} MiB free`,
    want: `>= ${LEAST_FREE_MIB} MiB`,
    refused: true,
  });
}
