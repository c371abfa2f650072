import type { Config } from '../config/index.js';
import { makePrivateFolder, writePrivate } from '../edges/files.js';
import { PlatformError } from '../errors.js';
import type { Plan } from '../plan/index.js';
import { ensureCertificates, type IssuedWorkload } from './certificates.js';
import { freeMiB, LEAST_FREE_MIB } from './disk.js';
import type { Environment } from './install/java.js';
import { findMachine } from './machine.js';
import { type BrokerProps, brokerPart } from './parts/broker.js';
import { keysPart } from './parts/keys.js';
import { serviceParts } from './parts/services.js';
import { speechPart } from './parts/speech.js';
import { storePart } from './parts/store.js';
import { ensurePeople } from './people.js';
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
  readonly broker?: BrokerProps;
}

/**
 * Chooses ports, makes certificates, tokens and secrets where they are missing or due, and writes what the parts
 * read. Doing it again changes nothing.
 */
export async function prepare({
  config,
  folder,
  env,
  running,
  broker,
}: PrepareOptions): Promise<PreparedPlatform> {
  const machine = await findMachine(env);
  await expectFreeDisk(folder);
  const plan = await choosePlan(config, folder, machine.speechUrl, running);
  const [certificates, secrets] = await Promise.all([
    ensureCertificates(plan, folder),
    ensureSecrets(folder, machine.speechUrl === undefined ? undefined : (env['OPENAI_API_KEY'] ?? 'none')),
    ensureTokens(plan, folder),
    ensurePeople(folder),
  ]);
  const parts = [
    brokerPart(plan, folder, machine, broker),
    keysPart(plan, folder, machine),
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
  speechUrl: string | undefined,
  running: readonly string[],
): Promise<Plan> {
  const { ports: before } = await readRecord(folder);
  const without = planFor(config, { ports: {}, speechUrl });
  const record = { ports: await choosePorts(without, before, running), speechUrl };
  await writeRecord(folder, record);
  return planFor(config, record);
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
