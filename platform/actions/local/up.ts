import type { Config } from '../../config/index.js';
import { makeBuckets } from '../../edges/buckets.js';
import { withLock } from '../../edges/lock.js';
import { pulsarAdmin } from '../../edges/pulsar-admin.js';
import {
  claimStateFolder,
  clientTls,
  type Environment,
  type PreparedPlatform,
  prepare,
  runningSupervisor,
  type StateFolder,
  stopEverything,
  stopOrphans,
  superviseProcesses,
  urlOf,
  waitUntilReady,
} from '../../local/index.js';
import type { Report } from '../../report.js';
import { applyTenants } from '../tenants/index.js';

const READY_TIMEOUT_MS = 120_000;
const LOCK_TIMEOUT_MS = 180_000;

export interface LocalOptions {
  readonly folder: StateFolder;
  readonly report: Report;
  readonly signal: AbortSignal;
}

export interface UpOptions extends LocalOptions {
  readonly config: Config;
  readonly env: Environment;
}

/** Brings the local platform into the state that the config describes; joins one that runs already. */
export async function localUp(options: UpOptions): Promise<void> {
  await claimStateFolder(options.folder);
  await exclusively(options, () => bringUp(options));
}

/** Does the work while no other command works on the same local platform. */
export function exclusively<T>({ folder, report, signal }: LocalOptions, work: () => Promise<T>): Promise<T> {
  return withLock(
    folder.lock,
    {
      signal,
      timeoutMs: LOCK_TIMEOUT_MS,
      onWait: ({ pid }) => report.waiting('local', `for another command (pid ${pid})`),
    },
    work,
  );
}

async function bringUp(options: UpOptions): Promise<void> {
  const { folder, report } = options;
  const joined = (await runningSupervisor(folder)) !== undefined;
  if (!joined) await clearOrphans(options);
  const prepared = await prepare({ ...options, running: joined });
  reportPrepared(prepared, report);
  try {
    await startInOrder(prepared, options);
  } catch (error) {
    if (!joined) await stopEverything(folder);
    throw error;
  }
}

async function clearOrphans({ folder, report }: LocalOptions): Promise<void> {
  const orphans = await stopOrphans(folder);
  if (orphans > 0) report.warning('local', `stopped ${orphans} processes that a dead supervisor had left`);
}

function reportPrepared({ certificates, plan }: PreparedPlatform, report: Report): void {
  const fresh = certificates.filter(certificate => certificate.fresh);
  if (fresh.length > 0)
    report.generate('certificates', `issued for ${fresh.map(it => it.workload).join(', ')}`);
  report.action('local', `starting ${plan.name} on loopback`);
}

/** First what others use; then what it must hold; then who uses it. Services that run already keep running. */
async function startInOrder(prepared: PreparedPlatform, options: UpOptions): Promise<void> {
  const { folder, report, signal } = options;
  const { plan, processes } = prepared;
  const backing = processes.filter(({ layer }) => layer === 0);
  const services = processes.filter(({ layer }) => layer === 1);
  const running = await runningNames(folder);
  const wait = { plan, folder, report, signal, timeoutMs: READY_TIMEOUT_MS };
  await superviseProcesses(folder, [...backing, ...services.filter(({ name }) => running.includes(name))]);
  await waitUntilReady(backing, wait);
  await provision(prepared, options);
  await superviseProcesses(folder, processes);
  await waitUntilReady(services, wait);
}

async function runningNames(folder: StateFolder): Promise<string[]> {
  const supervisor = await runningSupervisor(folder);
  return (supervisor?.processes ?? []).map(({ name }) => name);
}

/** Tenants, namespaces, topics, grants and buckets. */
async function provision({ plan, secrets }: PreparedPlatform, { folder, report }: UpOptions): Promise<void> {
  const tls = await clientTls(folder);
  const admin = pulsarAdmin({ url: urlOf(plan, 'broker/https'), tls, tokenFile: folder.token('operator') });
  try {
    const [actions] = await Promise.all([
      applyTenants(admin, plan),
      makeBuckets(
        plan.buckets.map(({ name }) => name),
        {
          endpoint: urlOf(plan, 'store/https'),
          region: plan.region,
          ca: tls.ca,
          accessKeyId: secrets.storeAccessKey,
          secretAccessKey: secrets.storeSecretKey,
        },
      ),
    ]);
    report.success('tenants', actions.length === 0 ? 'as planned' : `${actions.length} changes applied`);
  } finally {
    await admin.close();
  }
}
