import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { localAuthority, requestCertificate } from '../../../certs/index.js';
import type { LocalStatus } from '../../actions/local/status.js';
import { applyTenants, type PulsarPlan } from '../../actions/tenants/index.js';
import { writePrivate } from '../../edges/files.js';
import { pulsarAdmin } from '../../edges/pulsar-admin.js';
import { writeSecretFolder } from '../../edges/secret-folder.js';
import type { Role } from '../../plan/index.js';
import { clientTls } from '../readiness.js';
import { openStateFolder, type StateFolder } from '../state-folder.js';
import { ensureSigningKey, issueToken } from '../tokens.js';

/** The files with which a client is one role. */
export interface ClientFiles {
  readonly role: string;
  /** PEM bundle of the roots. */
  readonly trust: string;
  /** PEM, leaf first. */
  readonly certificate: string;
  /** PEM */
  readonly key: string;
  /** JWT */
  readonly token: string;
}

export interface TestNamespace {
  /** `tenant/namespace`, of nobody else. */
  readonly name: string;
  /** Full name of one of its topics. */
  readonly topic: (alias: string) => string;
  /** A client that may produce to and consume from every topic of the namespace, and nothing else. */
  readonly client: ClientFiles;
  /** A client whose role has no grant at all. */
  readonly stranger: ClientFiles;
}

/** A namespace with topics, and clients for it, that no other test knows. */
export async function freshNamespace(
  platform: Pick<LocalStatus, 'state' | 'endpoints'>,
  topics: readonly string[],
): Promise<TestNamespace> {
  const folder = await openStateFolder(platform.state);
  const tenant = `test-${randomBytes(4).toString('hex')}`;
  const name = `${tenant}/ns`;
  const topic = (alias: string) => `persistent://${name}/${alias}`;
  const role: Role = {
    name: `${tenant}-client`,
    superUser: false,
    produces: topics,
    consumes: topics.map(alias => ({ topic: alias, name: 'any', type: 'Reader' })),
  };
  await apply(platform, folder, {
    tenants: [tenant],
    namespaces: [{ name, retention: { seconds: 3600, sizeMiB: 512 } }],
    topics: topics.map(alias => ({ alias, name: topic(alias), partitions: 0 })),
    roles: [role],
  });
  const [client, stranger] = await Promise.all([
    issueClient(folder, role.name),
    issueClient(folder, `${tenant}-stranger`),
  ]);
  return { name, topic, client, stranger };
}

async function apply(
  { endpoints }: Pick<LocalStatus, 'endpoints'>,
  folder: StateFolder,
  plan: PulsarPlan,
): Promise<void> {
  const admin = pulsarAdmin({
    url: endpoints['broker/https']?.url ?? '',
    tls: await clientTls(folder),
    token: () => readFile(folder.token('operator'), 'utf8'),
  });
  try {
    await applyTenants(admin, plan);
  } finally {
    await admin.close();
  }
}

async function issueClient(folder: StateFolder, role: string): Promise<ClientFiles> {
  const [root = '', intermediate = '', intermediateKey = ''] = await Promise.all(
    ['root.crt', 'intermediate.crt', 'intermediate.key'].map(file =>
      readFile(path.join(folder.authority, file), 'utf8'),
    ),
  );
  const authority = await localAuthority({ root, intermediate, intermediateKey });
  const issued = await requestCertificate(authority, {
    workload: role,
    commonName: role,
    dnsNames: [],
    usages: ['client auth'],
    algorithm: 'ecdsa-p256',
    durationSeconds: 86_400,
  });
  const at = folder.certificate(role);
  await writeSecretFolder(at, {
    'tls.crt': issued.certificate,
    'tls.key': issued.key,
    'ca.crt': authority.roots,
  });
  await writePrivate(folder.token(role), await issueToken(role, await ensureSigningKey(folder)));
  return {
    role,
    trust: path.join(at, 'ca.crt'),
    certificate: path.join(at, 'tls.crt'),
    key: path.join(at, 'tls.key'),
    token: folder.token(role),
  };
}
