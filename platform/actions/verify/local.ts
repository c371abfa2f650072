import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { type Identity, localAuthority, requestCertificate } from '../../../certs/index.js';
import type { Config } from '../../config/index.js';
import type { PulsarAdmin } from '../../edges/pulsar-admin.js';
import { PlatformError } from '../../errors.js';
import { localAdmin } from '../../local/admin.js';
import { recordedPlan, runningSupervisor, type StateFolder, serviceFiles, urlOf } from '../../local/index.js';
import { sendAndReceive } from '../../local/java-client.js';
import { presentAuthority } from '../../local/pki/facts.js';
import { readWorkload } from '../../local/pki/workload-folder.js';
import { secretFiles } from '../../local/secrets.js';
import { ensureSigningKey } from '../../local/tokens.js';
import type { Plan } from '../../plan/index.js';
import { firstName, type Subject } from './subject.js';

/**
 * The running local platform as the subject of a verification.
 *
 * @throws PlatformError LocalNotRunning
 */
export async function localSubject(
  config: Config,
  folder: StateFolder,
  {
    env,
    signal,
  }: { readonly env: Readonly<Record<string, string | undefined>>; readonly signal: AbortSignal },
): Promise<Subject & { readonly admin: PulsarAdmin }> {
  const supervisor = await runningSupervisor(folder);
  if (supervisor === undefined) {
    throw new PlatformError('LocalNotRunning', 'the local platform is not running', {
      where: folder.root,
      refused: true,
    });
  }
  const plan = await recordedPlan(config, folder);
  const running = new Set(supervisor.processes.map(({ name }) => name));
  const presents = new Map(plan.workloads.map(({ name, presents: as = name }) => [name, as]));
  const identity = (workload: string) => identityOf(presents.get(workload) ?? workload, folder);
  return {
    plan,
    untried: ({ workload }) => (running.has(workload) ? undefined : `${workload} is not started here`),
    way:
      ({ port }) =>
      use =>
        use({ host: '127.0.0.1', port }),
    nameOf: firstName,
    identity,
    expired: once(workload => expiredIdentity(presents.get(workload) ?? workload, plan, folder)),
    files: async role => serviceFiles(folder, role),
    token: (role, kind) => tokenOf(role, kind, folder),
    javaTrip: (role, url, topic, text) =>
      sendAndReceive(topic, text, { url, files: serviceFiles(folder, role), env, signal }),
    admin: await localAdmin(plan, folder),
    store: {
      endpoint: urlOf(plan, 'store/https'),
      region: plan.region,
      trustFile: serviceFiles(folder, 'operator').trust,
      credentialsFile: secretFiles(folder).awsCredentials,
    },
  };
}

/** One outside, such as a browser, has no files: it trusts the roots and presents nothing. */
async function identityOf(workload: string, folder: StateFolder): Promise<Identity> {
  const own = await readWorkload(folder, workload);
  if (own !== undefined) return own;
  const operator = await readWorkload(folder, 'operator');
  return operator === undefined ? {} : { trust: operator.trust };
}

/** A certificate of the platform's own authority that has just ended. */
async function expiredIdentity(workload: string, plan: Plan, folder: StateFolder): Promise<Identity> {
  const request = plan.certificates.find(certificate => certificate.workload === workload);
  const [{ material, trust }, own] = await Promise.all([
    presentAuthority(folder),
    identityOf(workload, folder),
  ]);
  if (request === undefined) return own;
  const authority = await localAuthority(material, trust);
  const issued = await requestCertificate(authority, { ...request, dnsNames: [], durationSeconds: 1 });
  // Validity is written in whole seconds, and its last second counts.
  await sleep(2_200);
  return { trust, ...issued };
}

async function tokenOf(
  role: string,
  kind: 'own' | 'none' | 'foreign' | 'expired',
  folder: StateFolder,
): Promise<string | undefined> {
  switch (kind) {
    case 'own':
      return (await readFile(folder.token(role), 'utf8')).trim();
    case 'none':
      return undefined;
    case 'foreign':
      return signed(role, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 3600);
    case 'expired':
      return signed(role, await ensureSigningKey(folder), -3600);
  }
}

function signed(role: string, key: KeyObject, seconds: number): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setSubject(role)
    .setIssuedAt(now - 7200)
    .setExpirationTime(now + seconds)
    .sign(key);
}

function once<T>(work: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return key => {
    const known = made.get(key) ?? work(key);
    made.set(key, known);
    return known;
  };
}
