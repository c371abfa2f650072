import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SignJWT } from 'jose';
import { certificatesIn, type Identity, look, SPOKEN, type Way } from '../../../certs/index.js';
import { writePrivate } from '../../edges/files.js';
import type { Kubernetes } from '../../edges/kubernetes.js';
import type { PulsarAdmin } from '../../edges/pulsar-admin.js';
import { PlatformError } from '../../errors.js';
import type { ClusterPlan, Endpoint } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { openClusterAdmin } from '../cluster/admin.js';
import { dataOf } from '../cluster/data.js';
import { identitiesIn } from '../cluster/identities.js';
import { isEntrance, type Listeners, listenersIn, unreachable } from '../cluster/listeners.js';
import type { Reach } from '../cluster/reach.js';
import type { VerifiedCheck } from './index.js';
import type { Probe } from './matrix.js';
import { whyNoRecording } from './spoken.js';
import { firstName, type StoreAccess, type Subject } from './subject.js';

/** A cluster as the subject of a verification, and what only a cluster has. */
export interface ClusterSubject extends Subject {
  readonly plan: ClusterPlan;
  listeners(endpoint: Endpoint): Listeners;
  /** What was last issued for a workload, PEM. */
  issued(workload: string): Promise<string | undefined>;
}

interface Edges {
  readonly cluster: Kubernetes;
  readonly reach: Reach;
  /** Whether its admin API is wanted. */
  readonly withAdmin: boolean;
  /** How recordings are written. @default - nothing is spoken */
  readonly store?: StoreAccess;
}

const LOOK_MS = 15_000;

/** A running cluster; the files that clients need of it are gone afterwards. */
export async function withClusterSubject<T>(
  plan: ClusterPlan,
  edges: Edges,
  work: (subject: ClusterSubject) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'platform-verify-'));
  const opened = await openAdmin(plan, edges);
  const admin = typeof opened === 'string' ? undefined : opened;
  try {
    return await work(await subjectOf(plan, edges, folder, opened));
  } finally {
    await admin?.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns why there is none, when Pulsar is not there to be asked */
async function openAdmin(
  plan: ClusterPlan,
  { cluster, reach, withAdmin }: Edges,
): Promise<PulsarAdmin | string> {
  if (!withAdmin) return 'it is not asked';
  try {
    return await openClusterAdmin(plan, cluster, reach);
  } catch (error) {
    if (error instanceof PlatformError && ['AdminUnreachable', 'SecretMissing'].includes(error.code))
      return error.message;
    throw error;
  }
}

async function subjectOf(
  plan: ClusterPlan,
  { cluster, reach, store }: Edges,
  folder: string,
  admin: PulsarAdmin | string,
): Promise<ClusterSubject> {
  const mute = store === undefined ? 'it is not asked' : await whyNoRecording(plan, store);
  const identities = identitiesIn(plan, cluster);
  const listenersOf = listenersIn(plan, cluster, reach);
  const found = new Map(
    await Promise.all(
      plan.endpoints.map(async endpoint => [endpoint.id, await listenersOf(endpoint)] as const),
    ),
  );
  const listeners = (endpoint: Endpoint): Listeners =>
    found.get(endpoint.id) ?? { kind: 'missing', why: 'not in the plan' };
  const names = await publicNames(plan);
  const tokenOf = async (role: string) => {
    const target = plan.secrets.find(({ id }) => id === `tokens/${role}`)?.target;
    if (target === undefined) return undefined;
    const { key, ...metadata } = target;
    return (await dataOf(cluster, { apiVersion: 'v1', kind: 'Secret', metadata }))[key]?.trim();
  };
  const identity = async (workload: string, endpoint?: Endpoint): Promise<Identity> =>
    // By its public name it is dialled as a browser does: with the roots of the world, and no certificate.
    endpoint !== undefined && isEntrance(endpoint, plan) ? {} : identities.of(workload);
  return {
    plan,
    listeners,
    issued: workload => identities.issued(workload),
    untried: (endpoint, probe) => {
      const where = listeners(endpoint);
      if (where.kind === 'notFromHere') return `${endpoint.id}: ${where.why}`;
      return unshown(endpoint, probe, { names, admin, mute });
    },
    way: endpoint => wayTo(endpoint, listeners(endpoint), names),
    nameOf: endpoint => names.get(endpoint.id) ?? nameOf(endpoint, listeners(endpoint)),
    identity,
    expired: async workload => identities.of(workload),
    files: async role => {
      const [{ trust = '', certificate = '', key = '' }, token = ''] = await Promise.all([
        identities.of(role),
        tokenOf(role),
      ]);
      const write = async (name: string, text: string) => {
        const file = path.join(folder, `${role}-${name}`);
        await writePrivate(file, text);
        return file;
      };
      return {
        trust: await write('ca.crt', trust),
        certificate: await write('tls.crt', certificate),
        key: await write('tls.key', key),
        token: await write('token', token),
      };
    },
    token: async (role, kind) => {
      if (kind === 'own') return tokenOf(role);
      return kind === 'foreign' ? foreignToken(role) : undefined;
    },
    ...(typeof admin !== 'string' && { admin }),
    ...(store !== undefined && { store }),
  };
}

/** Public names by which this machine's own clients reach an endpoint, where they lead anywhere from here. */
async function publicNames({ endpoints, entrances }: ClusterPlan): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const { id, protocol, workload, hostnames, port } of endpoints) {
    const entrance = entrances.find(it => it.name === 'pulsar' && it.workload === workload);
    const [name] = entrance?.hostnames ?? [];
    if (protocol !== 'pulsar+ssl' || entrance === undefined || name === undefined) continue;
    const leads = (await unreachable(name, port, entrance.scheme)) === undefined;
    if (leads && hostnames.includes(name)) names.set(id, name);
  }
  return names;
}

function wayTo(endpoint: Endpoint, found: Listeners, names: ReadonlyMap<string, string>): Way {
  const name = names.get(endpoint.id);
  if (name !== undefined) return use => use({ host: name, port: endpoint.port });
  const why = found.kind === 'there' ? undefined : found.why;
  const listener = chosen(found);
  if (listener !== undefined) return listener.way;
  return () => Promise.reject(new Error(why ?? 'nobody listens'));
}

function nameOf(endpoint: Endpoint, found: Listeners): string {
  return chosen(found)?.name ?? firstName(endpoint);
}

function chosen(found: Listeners) {
  if (found.kind !== 'there') return undefined;
  return found.listeners.find(({ ready }) => ready) ?? found.listeners[0];
}

/** What can't be shown from outside of a cluster. */
function unshown(
  { id, protocol }: Endpoint,
  probe: Probe,
  {
    names,
    admin,
    mute,
  }: {
    readonly names: ReadonlyMap<string, string>;
    readonly admin: PulsarAdmin | string;
    /** Why nothing can be spoken. */
    readonly mute: string | undefined;
  },
): string | undefined {
  switch (probe.kind) {
    case 'negative':
      return probe.name === 'expiredClientCertificate'
        ? 'a certificate that has ended: no issuer gives one'
        : undefined;
    case 'token':
      return probe.token === 'expired'
        ? 'a token that has ended: the key that signs stays in its store'
        : undefined;
    case 'roundTrip':
      if (typeof admin === 'string') return `${id}: ${admin}, and nobody makes the topic`;
      if (protocol === 'wss' || names.has(id)) return undefined;
      return `${id}: its clients verify a name that does not lead there from here`;
    case 'spoken':
      return mute === undefined ? undefined : `a spoken message: ${mute}`;
    default:
      return undefined;
  }
}

function foreignToken(role: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setSubject(role)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
}

/** Whether every pod of every endpoint serves what was last issued. */
export async function servedChecks(subject: ClusterSubject, report: Report): Promise<VerifiedCheck[]> {
  report.action('verify', 'what every pod serves');
  const { plan } = subject;
  const ours = plan.endpoints.filter(
    endpoint => subject.listeners(endpoint).kind !== 'notFromHere' && !isEntrance(endpoint, plan),
  );
  const checks = ours.map(async endpoint => {
    const row = { group: 'certificates', endpoint: endpoint.id, expects: 'accepted' } as const;
    const found = subject.listeners(endpoint);
    if (found.kind !== 'there')
      return [
        { ...row, from: endpoint.workload, what: 'serves', result: 'failed', saw: found.why, ms: 0 } as const,
      ];
    const [issued] = certificatesIn((await subject.issued(endpoint.workload)) ?? '');
    return Promise.all(
      found.listeners.map(async ({ name, way, pod = name }): Promise<VerifiedCheck> => {
        const began = performance.now();
        const { begins, greeting } = SPOKEN[endpoint.protocol];
        const served = await way(address =>
          look({ ...address, name, begins, ...(greeting && { greeting }) }, { timeoutMs: LOOK_MS }),
        ).catch((error: Error) => error.message);
        const same =
          typeof served !== 'string' && issued !== undefined && served.chain[0]?.equals(issued.x509.raw);
        return {
          ...{ ...row, from: pod, what: `${pod} serves what was issued last` },
          result: same ? 'passed' : 'failed',
          saw: typeof served === 'string' ? served : same ? issued.x509.serialNumber : 'another certificate',
          ms: Math.round(performance.now() - began),
        };
      }),
    );
  });
  return (await Promise.all(checks)).flat();
}
