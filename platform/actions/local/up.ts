import { untilServed } from '../../../certs/index.js';
import type { Config } from '../../config/index.js';
import { makeBuckets } from '../../edges/buckets.js';
import type { ProcessIdentity } from '../../edges/process-identity.js';
import { localAdmin } from '../../local/admin.js';
import { warnOfDamage } from '../../local/damage.js';
import {
  claimStateFolder,
  clientTls,
  type LocalSecrets,
  type ProcessSpec,
  runningSupervisor,
  type StateFolder,
  stopEverything,
  stopOrphans,
  superviseProcesses,
  urlOf,
  waitUntilReady,
} from '../../local/index.js';
import type { Environment } from '../../local/install/index.js';
import type { BrokerProps } from '../../local/parts/broker.js';
import { localFacts } from '../../local/pki/facts.js';
import { type PreparedPlatform, prepare } from '../../local/prepare.js';
import type { Plan } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { type AdminAction, applyTenants } from '../tenants/index.js';
import { renewBrokerTrustIfAsked } from './broker-trust.js';
import { exclusively, type LocalOptions } from './exclusively.js';

const READY_TIMEOUT_MS = 120_000;

export interface UpOptions extends LocalOptions {
  readonly config: Config;
  readonly env: Environment;
  /** The processes that are started. @default - all of the plan */
  readonly only?: readonly string[];
  /** Process with whose end everything ends, however it ends. @default - runs until it is stopped */
  readonly owner?: ProcessIdentity;
  /** How the broker differs from every user's. @default - not at all */
  readonly broker?: BrokerProps;
}

/** Brings the local platform into the state that the config describes; joins one that runs already. */
export async function localUp(options: UpOptions): Promise<void> {
  await claimStateFolder(options.folder);
  await exclusively(options, () => bringUp(options));
}

async function bringUp(options: UpOptions): Promise<void> {
  const { folder, report } = options;
  const supervisor = await runningSupervisor(folder);
  const joined = supervisor !== undefined;
  if (!joined) await clearOrphans(options);
  const running = supervisor?.processes.filter(({ identity }) => identity !== undefined) ?? [];
  await warnOfDamage(folder, report);
  const prepared = await prepare({ ...options, running: running.map(({ name }) => name) });
  warnOfUnusedKey(options);
  reportPrepared(prepared, report);
  try {
    await startInOrder(prepared, options);
    if (joined) await untilNoticed(prepared, options);
  } catch (error) {
    if (!joined) await stopEverything(folder);
    throw error;
  }
}

async function clearOrphans({ folder, report }: LocalOptions): Promise<void> {
  const orphans = await stopOrphans(folder);
  if (orphans > 0) report.warning('local', `stopped ${orphans} processes that a dead supervisor had left`);
}

/** Waits until what runs already serves its new certificates, and trusts the roots of now. */
async function untilNoticed(prepared: PreparedPlatform, options: UpOptions): Promise<void> {
  const { plan } = prepared;
  const estate = { facts: () => localFacts(plan, options.folder) };
  await untilServed(renewed(prepared), { estate, signal: options.signal });
  await renewBrokerTrustIfAsked({ ...options, plan });
}

/** Workloads with new certificates. What runs already looks at its files in its own time. */
function renewed({ certificates }: PreparedPlatform): string[] {
  return certificates.filter(({ fresh }) => fresh).map(({ workload }) => workload);
}

function reportPrepared(prepared: PreparedPlatform, report: Report): void {
  const [fresh, { plan }] = [renewed(prepared), prepared];
  if (fresh.length > 0) report.generate('certificates', `issued for ${fresh.join(', ')}`);
  report.action('local', `starting ${plan.name} on loopback`);
}

/** The key alone is no wish to send one's voice to somebody else. */
function warnOfUnusedKey({ env, report }: UpOptions): void {
  if (!env['OPENAI_API_KEY'] || env['OPENAI_BASE_URL']) return;
  report.warning(
    'speech',
    'OPENAI_API_KEY is not used: audio leaves this machine only with OPENAI_BASE_URL set',
  );
}

/** First what others use; then what it must hold; then who uses it. Services that run already keep running. */
async function startInOrder(prepared: PreparedPlatform, options: UpOptions): Promise<void> {
  const { folder, report, signal, only, owner } = options;
  const { plan } = prepared;
  const processes = prepared.processes.filter(({ name }) => only?.includes(name) ?? true);
  const backing = processes.filter(({ layer }) => layer === 0);
  const services = processes.filter(({ layer }) => layer === 1);
  const running = await runningNames(folder);
  const kept = services.filter(({ name }) => running.includes(name));
  const wait = { plan, folder, report, signal, timeoutMs: READY_TIMEOUT_MS };
  await superviseProcesses(folder, [...backing, ...kept], owner);
  await waitUntilReady(backing, wait);
  await provision(prepared, backing, options);
  await superviseProcesses(folder, processes, owner);
  await waitUntilReady(services, wait);
}

async function runningNames(folder: StateFolder): Promise<string[]> {
  const supervisor = await runningSupervisor(folder);
  return (supervisor?.processes ?? []).map(({ name }) => name);
}

/** What the backing processes that were started must hold: tenants, topics and grants; buckets. */
async function provision(
  { plan, secrets }: PreparedPlatform,
  backing: readonly ProcessSpec[],
  { folder, report }: UpOptions,
): Promise<void> {
  const has = (name: string) => backing.some(process => process.name === name);
  const [actions] = await Promise.all([
    has('broker') ? provisionPulsar(plan, folder) : [],
    has('store') ? provisionBuckets(plan, secrets, folder) : undefined,
  ]);
  if (actions.length > 0) report.success('tenants', `${actions.length} changes applied`);
}

async function provisionPulsar(plan: Plan, folder: StateFolder): Promise<AdminAction[]> {
  const admin = await localAdmin(plan, folder);
  try {
    return await applyTenants(admin, plan);
  } finally {
    await admin.close();
  }
}

async function provisionBuckets(plan: Plan, secrets: LocalSecrets, folder: StateFolder): Promise<void> {
  const { ca } = await clientTls(folder);
  await makeBuckets(
    plan.buckets.map(({ name }) => name),
    {
      endpoint: urlOf(plan, 'store/https'),
      region: plan.region,
      ca,
      accessKeyId: secrets.storeAccessKey,
      secretAccessKey: secrets.storeSecretKey,
    },
  );
}
