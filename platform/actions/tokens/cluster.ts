import type { Config } from '../../config/index.js';
import { writePrivate } from '../../edges/files.js';
import type { Kubernetes } from '../../edges/kubernetes.js';
import type { SecretStore } from '../../edges/secret-store.js';
import type { SopsFiles } from '../../edges/sops-store.js';
import { beforeChanges, PlatformError } from '../../errors.js';
import { publicKeySet, signToken } from '../../local/tokens.js';
import { type ClusterPlan, makePlan, type SecretPlan } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { connectCluster } from '../cluster/connect.js';
import { assertAppliedFromHere } from '../cluster/gitops.js';
import { withSecretStore } from '../secrets/run.js';
import { sopsSecrets } from '../secrets/sops.js';
import { tokenSecretsOf } from '../secrets/token-secrets.js';
import { issuedBy, renewed, type TokenKeys, tokenKeys } from '../secrets/tokens.js';
import { untilPublished, untilTaken } from './accepted.js';
import type { TokenList } from './index.js';
import { assertRole, keyNamed, keyOf, tokenInfoOf } from './info.js';
import { goingKey, type StoredKeys, storedKeys } from './keys.js';
import type { ClusterTokensOptions } from './options.js';
import { assertFree, type TokenOut } from './out.js';
import {
  assertNoneBeingRevoked,
  assertRestartable,
  assertRestarted,
  markIn,
  markPods,
  markSets,
  restartReaders,
} from './restart.js';
import { isBehind, otherThan, showInCluster } from './shown.js';

const DAY_SECONDS = 86_400;
/** For whoever has interrupted, and waits. */
const TAKE_BACK_MS = 60_000;

/** The keys that are accepted, and the token of each role in the store; no value of either. */
export function listClusterTokens(options: Place): Promise<TokenList> {
  const list = async (plan: ClusterPlan, store: SecretStore) => {
    const keys = await storedKeys(plan, store);
    const { key } = keys.signing;
    const others = [...new Set([keys.base, ...keys.published])].filter(id => id !== key.id);
    const revoking = goingKey(keys);
    const found = await Promise.all(
      tokenSecretsOf(plan).tokens.map(async ({ role, secret }) => {
        const token = await store.read(secret.storeName);
        return token === undefined ? undefined : tokenInfoOf(role, token, '');
      }),
    );
    const tokens = found.filter(token => token !== undefined);
    const tokensOf = (id: string) => tokens.filter(token => token.key === id).length;
    return {
      keys: [...others, key.id].map(id => ({
        ...{ id, signs: id === key.id, tokens: tokensOf(id) },
        ...(id === revoking && { revoking: true }),
      })),
      tokens,
    };
  };
  return beforeChanges(() => opened(options, list));
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
    const { key } = (await beforeChanges(() => storedKeys(plan, store))).signing;
    const token = await signToken(role, key, { ...issuedBy(plan), seconds: days * DAY_SECONDS });
    if (out !== undefined) await writePrivate(out, `${token}\n`);
    return { role, key: key.id, days, token };
  });
}

export interface ChangeKeyOptions extends ClusterTokensOptions {
  /** Called before each write; throwing there is like being killed there. */
  readonly onWrite?: (name: string) => void;
}

export interface Rotated {
  readonly from: string;
  readonly to: string;
  /** Whether this was an earlier rotation, which was killed and went on to its end: no key was made. */
  readonly resumed: boolean;
}

/**
 * Signs every token by a new key. The old one's stay good until it is revoked: brokers and proxies go on knowing it by
 * their configuration, and hear of the new one from the key server, so that none is restarted. Killed anywhere and run
 * again it goes on, or begins anew when the new key has signed nothing yet.
 *
 * @throws TokenOverlapMissing, RevocationUnfinished, KeysTwo
 */
export async function rotateClusterKey(options: ChangeKeyOptions): Promise<Rotated> {
  const { config, report } = options;
  if (config.pulsar.tokenKeys === 'one') {
    throw new PlatformError('TokenOverlapMissing', 'two keys can not be good at once in this cluster', {
      where: 'pulsar.tokenKeys',
      saw: config.pulsar.tokenKeys,
      want: 'two',
      refused: true,
    });
  }
  assertOwnApply(config);
  return opened(options, async (plan, store) => {
    const { privateKey, overlap, tokens } = tokenSecretsOf(plan);
    if (overlap === undefined) throw new RangeError('a plan without a key server');
    const show = shower(plan, store, options);
    const cluster = connectCluster(plan, { ...options, manager: 'tokens' });
    const asking = { ...options, plan, cluster };
    const { signing: kept, base: from } = await beforeChanges(async () => {
      const keys = await storedKeys(plan, store);
      await assertNoneBeingRevoked(cluster, keys);
      await assertNotDone(keys, { plan, store, cluster });
      return keys;
    });
    const begun = from !== kept.key.id;
    const next = begun ? kept : await tokenKeys(undefined);
    const write = writer(store, options);
    const publish = async (keys: readonly TokenKeys[], signal = options.signal) => {
      const set = await publicKeySet(keys.map(({ key }) => key));
      if ((await store.read(overlap.set.storeName)) !== set) await write(overlap.set, set);
      await shower(plan, store, { ...options, signal })(new Map([[overlap.set, set]]));
    };
    if (!begun) {
      report.generate('key', `${next.key.id}, published beside ${from}`);
      try {
        await publish([kept, next]);
        await untilTaken(next.key, true, asking);
      } catch (error) {
        await takeBack(next, signal => publish([kept], signal), report);
        throw error;
      }
      await write(overlap.previous, kept.privatePem);
      await write(privateKey, next.privatePem);
    }
    // Whoever made the secrets meanwhile has published the key that signed then alone.
    const older = await store.read(overlap.previous.storeName);
    if (older !== undefined) await publish([await tokenKeys(older), next]);
    await untilTaken(next.key, true, asking);
    await show(await signedBy(next, plan, store, write));
    const end = begun ? `, and the rotation from ${from} that was begun before is done` : '';
    report.success('tokens', `${tokens.length} signed by ${next.key.id}${end}; those of ${from} stay good`);
    return { from, to: next.key.id, resumed: begun };
  });
}

/**
 * Publishes a key no longer that has signed nothing. Never throws, since it is called for another error, and mostly after the
 * signal of the command, for which it does not end.
 */
async function takeBack(
  { key: { id } }: TokenKeys,
  publish: (signal: AbortSignal) => Promise<void>,
  report: Report,
): Promise<void> {
  const signal = AbortSignal.timeout(TAKE_BACK_MS);
  report.waiting('key', `for ${id} to be taken back`);
  try {
    await publish(signal);
  } catch (error) {
    const why = signal.aborted ? 'it took too long' : error instanceof Error ? error.message : String(error);
    report.warning(
      'key',
      `${id} may be published until the same command is run again, and signs nothing: ${why}`,
    );
  }
}

interface Places {
  readonly plan: ClusterPlan;
  readonly store: SecretStore;
  readonly cluster: Kubernetes;
}

/**
 * While two keys are good, a rotation goes on as long as anything of it is not written or not shown. After that it would be
 * a third key. A token whose time is nearly over is not of it: `platform secrets make` renews those.
 *
 * @throws KeysTwo
 */
async function assertNotDone(
  { signing: { key }, base, published }: StoredKeys,
  places: Places,
): Promise<void> {
  if (base === key.id || !published.includes(key.id)) return;
  const { plan, store } = places;
  const { overlap, tokens } = tokenSecretsOf(plan);
  const values = new Map<SecretPlan, string>();
  for (const secret of [...(overlap ? [overlap.set] : []), ...tokens.map(it => it.secret)]) {
    const value = await store.read(secret.storeName);
    if (value === undefined || (secret !== overlap?.set && keyOf(value) !== key.id)) return;
    values.set(secret, value);
  }
  if (await isLeftToShow(values, places)) return;
  throw new PlatformError('KeysTwo', `tokens of ${base} and ${key.id} are good already`, {
    saw: `${base}, ${key.id}`,
    fix: `platform tokens revoke ${base} --target cluster, when nobody uses its tokens any longer`,
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
 * they read the key when they start. Then every token of the old key is refused, which is seen and not believed. Killed
 * anywhere and run again with the same key it goes on there.
 *
 * @throws KeyInUse, GateRed, TokensStale
 */
export async function exchangeClusterKey(
  options: ChangeKeyOptions & { readonly key: string },
): Promise<Exchanged> {
  const { config, report, key: id } = options;
  assertOwnApply(config);
  return opened(options, async (plan, store) => {
    const [write, show] = [writer(store, options), shower(plan, store, options)];
    const cluster = connectCluster(plan, { ...options, manager: 'tokens' });
    const asking = { ...options, plan, cluster };
    const { privateKey, publicKey, overlap } = tokenSecretsOf(plan);
    const [keys, mark] = await beforeChanges(async () => [
      await storedKeys(plan, store),
      await markIn(cluster),
    ]);
    // The public half is written last: while it is another key's, an exchange has not come to the end of its writing.
    const { signing: kept, base: old, published } = keys;
    // The key of before: two are good, or an exchange has not ended, or has, and is asked for once more.
    const former = old !== kept.key.id ? old : mark?.key === kept.key.id ? mark.before : undefined;
    const named = keyNamed(id, [{ id: kept.key.id }, ...(former === undefined ? [] : [{ id: former }])]);
    const isWriting = old !== kept.key.id && named.id === old;
    const isRestarting = old === kept.key.id && named.id === former;
    if (!isWriting && !isRestarting && overlap !== undefined) {
      throw new PlatformError('KeyInUse', `${kept.key.id} signs the tokens of the platform`, {
        fix: 'platform tokens rotate --target cluster first: it signs them anew by another key',
        refused: true,
      });
    }
    const untouched = isWriting ? published.includes(old) : !isRestarting;
    const restartable = () => assertRestartable(cluster, { ...options, plan });
    await (untouched ? beforeChanges(restartable) : restartable());
    const next = isWriting || isRestarting ? kept : await tokenKeys(undefined);
    const revoked = isRestarting ? named.id : old;
    if (next !== kept) {
      report.generate('key', `${next.key.id}, instead of ${revoked}`);
      await write(privateKey, next.privatePem);
    }
    if (overlap !== undefined) {
      // A broker that starts must not hear of the old key again, and would keep it for a while.
      const set = await publicKeySet([next.key]);
      if ((await store.read(overlap.set.storeName)) !== set) await write(overlap.set, set);
      await show(new Map([[overlap.set, set]]));
      await untilPublished(revoked, false, asking);
    }
    const exchange = { key: next.key.id, before: revoked };
    await markSets(cluster, exchange);
    const values = await signedBy(next, plan, store, write);
    if (old !== next.key.id) await write(publicKey, next.publicDer);
    values.set(publicKey, next.publicDer);
    await show(values);
    await markPods(cluster, exchange);
    const restarted = await restartReaders(cluster, { ...options, plan });
    await untilTaken(next.key, true, asking);
    const gone = next === kept ? await keyBefore(plan, store) : kept;
    const isKnown = gone?.key.id === revoked;
    if (isKnown) await untilTaken(gone.key, false, asking);
    // Killed with one key, nobody has its private half any longer: whoever takes the new one has read no other.
    else await assertRestarted(cluster, exchange);
    const proof = isKnown ? 'its tokens are refused' : 'every broker and proxy was restarted since';
    report.success('key', `${revoked} is revoked, ${proof}: ${next.key.id} signs`);
    return { revoked, key: next.key.id, restarted };
  });
}

/** The key that signed before, where two may be good. */
async function keyBefore(plan: ClusterPlan, store: SecretStore): Promise<TokenKeys | undefined> {
  const { overlap } = tokenSecretsOf(plan);
  const previous = overlap && (await store.read(overlap.previous.storeName));
  return previous === undefined ? undefined : tokenKeys(previous);
}

/** A token of each role by this key in the store; those that are good stay. */
async function signedBy(
  keys: TokenKeys,
  plan: ClusterPlan,
  store: SecretStore,
  write: ReturnType<typeof writer>,
): Promise<Map<SecretPlan, string>> {
  const values = new Map<SecretPlan, string>();
  for (const { role, secret } of tokenSecretsOf(plan).tokens) {
    const before = await store.read(secret.storeName);
    const token = await renewed(role, before, keys, plan.config.pulsar.tokenDays, issuedBy(plan));
    if (token !== before) await write(secret, token);
    values.set(secret, token);
  }
  return values;
}

function writer(store: SecretStore, { onWrite }: ChangeKeyOptions) {
  return ({ storeName, what }: SecretPlan, value: string): Promise<void> => {
    onWrite?.(storeName);
    return store.write(storeName, value, what);
  };
}

/** Has the cluster show values of the store now. */
function shower(plan: ClusterPlan, store: SecretStore, options: ClusterTokensOptions) {
  return (values: ReadonlyMap<SecretPlan, string>): Promise<void> =>
    isSops(store)
      ? applySecrets(plan, store, values, options)
      : showInCluster(connectCluster(plan, { ...options, manager: 'tokens' }), values, options);
}

/** Whether `shower` has anything to do for these. */
async function isLeftToShow(
  values: ReadonlyMap<SecretPlan, string>,
  { store, cluster }: Places,
): Promise<boolean> {
  return isSops(store) ? (await otherThan(values, cluster)).length > 0 : isBehind(cluster, values);
}

/** Where Git applies the encrypted files, what is applied from here is taken back until they are committed. */
function assertOwnApply(config: Config): void {
  if (config.secrets.kind !== 'sops') return;
  assertAppliedFromHere(config, 'the new key and its tokens', 'commit the files that it has written');
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
