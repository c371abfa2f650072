import { createPublicKey } from 'node:crypto';
import { writePrivate } from '../../edges/files.js';
import type { SecretStore } from '../../edges/secret-store.js';
import type { SopsFiles } from '../../edges/sops-store.js';
import { PlatformError } from '../../errors.js';
import { publicKeyId, signToken } from '../../local/tokens.js';
import { type ClusterPlan, makePlan, type SecretPlan } from '../../plan/index.js';
import { connectCluster } from '../cluster/connect.js';
import { assertAppliedFromHere } from '../cluster/gitops.js';
import { withSecretStore } from '../secrets/run.js';
import { sopsSecrets } from '../secrets/sops.js';
import { tokenSecretsOf } from '../secrets/token-secrets.js';
import { renewed, type TokenKeys, tokenKeys } from '../secrets/tokens.js';
import type { TokenList } from './index.js';
import { assertRole, tokenInfoOf } from './info.js';
import type { ClusterTokensOptions } from './options.js';
import { assertFree, type TokenOut } from './out.js';
import { assertRestartable, markForKey, markIn, restartReaders } from './restart.js';
import { showInCluster } from './shown.js';

const DAY_SECONDS = 86_400;

/** The key that signs, and the token of each role in the store; no value of either. */
export function listClusterTokens(options: Place): Promise<TokenList> {
  return opened(options, async (plan, store) => {
    const { key } = await signing(plan, store);
    const found = await Promise.all(
      tokenSecretsOf(plan).tokens.map(async ({ role, secret }) => {
        const token = await store.read(secret.storeName);
        return token === undefined ? undefined : tokenInfoOf(role, token, '');
      }),
    );
    const tokens = found.filter(token => token !== undefined);
    const own = tokens.filter(token => token.key === key.id);
    return { keys: [{ id: key.id, signs: true, tokens: own.length }], tokens };
  });
}

/** Where the secrets are. */
type Place = Pick<ClusterTokensOptions, 'config' | 'file'>;

export interface IssueInClusterOptions extends Place, TokenOut {
  readonly role: string;
  readonly days: number;
}

/** A further token of a role; store and cluster do not get to know it. */
export function issueClusterToken({ role, days, out, force, ...place }: IssueInClusterOptions) {
  return opened(place, async (plan, store) => {
    assertRole(plan, role);
    assertFree({ ...(out !== undefined && { out }), ...(force !== undefined && { force }) });
    const { key } = await signing(plan, store);
    const token = await signToken(role, key, { seconds: days * DAY_SECONDS });
    if (out !== undefined) await writePrivate(out, `${token}\n`);
    return { role, key: key.id, days, token };
  });
}

/** @throws TokenOverlapMissing always: nothing in a cluster tells brokers of a second key */
export function refuseClusterRotation(): never {
  throw new PlatformError('TokenOverlapMissing', 'two keys can not be good at once in a cluster', {
    where: 'broker and proxy: tokenPublicKey',
    saw: 'one public key',
    want: 'two',
    refused: true,
  });
}

export interface Exchanged {
  readonly revoked: string;
  readonly key: string;
  /** Components that were restarted, in their order. */
  readonly restarted: readonly string[];
}

/**
 * Exchanges the key: another one signs every token, and brokers and proxies are restarted one after the other, since
 * they read the key when they start. Then every token of the old key is refused. Killed anywhere and run again with the
 * same key it goes on there.
 */
export async function exchangeClusterKey(
  options: ClusterTokensOptions & {
    readonly key: string;
    /** Called before each write; throwing there is like being killed there. */
    readonly onWrite?: (name: string) => void;
  },
): Promise<Exchanged> {
  const { config, report, key: id, onWrite } = options;
  // Where Git applies the encrypted files, what is applied from here is taken back until they are committed.
  if (config.secrets.kind === 'sops')
    assertAppliedFromHere(config, 'the new key and its tokens', 'commit the files that it has written');
  return opened(options, async (plan, store) => {
    const write = ({ storeName, what }: SecretPlan, value: string) => {
      onWrite?.(storeName);
      return store.write(storeName, value, what);
    };
    const cluster = connectCluster(plan, { ...options, manager: 'tokens' });
    const { privateKey, publicKey, tokens } = tokenSecretsOf(plan);
    const kept = await signing(plan, store);
    // The public half is written last: while it is another key's, an exchange has not come to the end of its writing.
    const known = (await store.read(publicKey.storeName)) ?? kept.publicDer;
    const [old, mark] = [await idOf(known), await markIn(cluster)];
    const isWriting = old !== kept.key.id && old.startsWith(id);
    const isRestarting = mark?.key === kept.key.id && mark.before.startsWith(id);
    if (!isWriting && !isRestarting && (id === '' || !kept.key.id.startsWith(id))) {
      throw new PlatformError('KeyUnknown', `no key is called ${JSON.stringify(id)}`, {
        saw: id,
        want: old,
        refused: true,
      });
    }
    await assertRestartable(cluster, { ...options, plan, refused: !isWriting && !isRestarting });
    const next = isWriting || isRestarting ? kept : await tokenKeys(undefined);
    const revoked = isRestarting ? mark.before : old;
    if (next !== kept) {
      report.generate('key', `${next.key.id}, instead of ${revoked}`);
      await write(privateKey, next.privatePem);
    }
    await markForKey(cluster, { key: next.key.id, before: revoked });
    const values = new Map<SecretPlan, string>();
    for (const { role, secret } of tokens) {
      const before = await store.read(secret.storeName);
      const token = await renewed(role, before, next, config.pulsar.tokenDays);
      if (token !== before) await write(secret, token);
      values.set(secret, token);
    }
    if (known !== next.publicDer) await write(publicKey, next.publicDer);
    values.set(publicKey, next.publicDer);
    if (isSops(store)) await applySecrets(plan, store, values, options);
    else await showInCluster(cluster, values, options);
    const restarted = await restartReaders(cluster, { ...options, plan });
    report.success('key', `${revoked} is revoked: ${next.key.id} signs`);
    return { revoked, key: next.key.id, restarted };
  });
}

/** Id of the key with this public half. */
async function idOf(publicDer: string): Promise<string> {
  const key = createPublicKey({ key: Buffer.from(publicDer, 'base64'), format: 'der', type: 'spki' });
  return publicKeyId(key);
}

async function signing(plan: ClusterPlan, store: SecretStore): Promise<TokenKeys> {
  const { storeName } = tokenSecretsOf(plan).privateKey;
  const pem = await store.read(storeName);
  if (pem !== undefined) return tokenKeys(pem);
  throw new PlatformError('TokenKeyMissing', 'there is no key that signs tokens', {
    where: storeName,
    refused: true,
  });
}

/** Nobody in the cluster decrypts files: the Secrets are applied from here, as `platform apply` does. */
async function applySecrets(
  plan: ClusterPlan,
  files: SopsFiles,
  values: ReadonlyMap<SecretPlan, string>,
  options: ClusterTokensOptions,
): Promise<void> {
  const cluster = connectCluster(plan, options);
  const shown = new Set(
    [...values.keys()].flatMap(({ target }) => (target ? [`${target.namespace}/${target.name}`] : [])),
  );
  for (const secret of await sopsSecrets(plan, files)) {
    const { namespace, name } = secret.metadata ?? {};
    if (shown.has(`${namespace}/${name}`)) await cluster.apply(secret, { force: true });
  }
}

function isSops(store: SecretStore): store is SopsFiles {
  return store.kind === 'sops';
}

function opened<T>(
  { config, file }: Place,
  work: (plan: ClusterPlan, store: SecretStore) => Promise<T>,
): Promise<T> {
  const plan = makePlan(config, { target: 'cluster' });
  return withSecretStore(plan, store => work(plan, store), file);
}
