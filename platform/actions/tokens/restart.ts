import type { Kubernetes, Manifest, ObjectRef } from '../../edges/kubernetes.js';
import { PlatformError } from '../../errors.js';
import { type ClusterPlan, NAMESPACES, pulsarService } from '../../plan/index.js';
import { type Care, careFor } from '../apply/care.js';
import { goingKey, type StoredKeys } from './keys.js';
import type { ClusterTokensOptions } from './options.js';

/** Annotations of the sets whose pods read the key of tokens when they start: which one, and which one it replaces. */
const KEY = 'platform/token-key';
const BEFORE = 'platform/token-key-before';
/** Who judges tokens, in the order in which they are restarted. Services and the toolset read theirs for each connection. */
export const READERS = ['broker', 'proxy'];

export interface KeyMark {
  readonly key: string;
  readonly before: string;
}

/** Says of the sets which key replaces which, before anything of it is written: killed from now on, an exchange goes on. */
export async function markSets(cluster: Kubernetes, mark: KeyMark): Promise<void> {
  for (const set of await readers(cluster)) await annotate(cluster, set, mark, ofPods(set)[KEY]);
}

/**
 * Says in the template of their pods which key these know. Which pod is old is then what Kubernetes says, however often this
 * is killed; the pods themselves wait to be restarted.
 *
 * Only when the cluster shows the key: a pod that came by itself before that knows the old one.
 */
export async function markPods(cluster: Kubernetes, mark: KeyMark): Promise<void> {
  for (const set of await readers(cluster)) await annotate(cluster, set, mark, mark.key);
}

/** @param known key that its pods are said to know; undefined when nothing was ever said */
async function annotate(
  cluster: Kubernetes,
  { apiVersion, kind, metadata }: Manifest,
  { key, before }: KeyMark,
  known: string | undefined,
): Promise<void> {
  const { name, namespace } = metadata ?? {};
  const template = { metadata: { annotations: { [KEY]: known } } };
  await cluster.apply(
    {
      ...{ apiVersion, kind, metadata: { name, namespace, annotations: { [KEY]: key, [BEFORE]: before } } },
      ...(known !== undefined && { spec: { template } }),
    } as Manifest,
    { force: true },
  );
}

function ofPods(set: Manifest): Readonly<Record<string, string>> {
  const { template } = set['spec'] as {
    readonly template: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
  };
  return template.metadata?.annotations ?? {};
}

/** The mark of the last exchange; undefined when there was none. */
export async function markIn(cluster: Kubernetes): Promise<KeyMark | undefined> {
  const [first] = await readers(cluster);
  const { [KEY]: key, [BEFORE]: before } = first?.metadata?.annotations ?? {};
  return key === undefined || before === undefined ? undefined : { key, before };
}

/**
 * Before another key is made: of the one before, whose revocation was killed, nothing would be known any longer, and pods that
 * were not restarted would take its tokens for ever.
 *
 * @throws RevocationUnfinished
 */
export async function assertNoneBeingRevoked(cluster: Kubernetes, keys: StoredKeys): Promise<void> {
  const id = goingKey(keys) ?? (await stillKnown(cluster, keys));
  if (id === undefined) return;
  throw new PlatformError('RevocationUnfinished', `the revocation of ${id} has not ended`, {
    saw: id,
    fix: `platform tokens revoke ${id} --target cluster goes on with it`,
    refused: true,
  });
}

/** The key that the one that signs has replaced, while a pod may know it. */
async function stillKnown(cluster: Kubernetes, { signing, base }: StoredKeys): Promise<string | undefined> {
  const mark = await markIn(cluster);
  if (mark?.key !== base || base !== signing.key.id) return undefined;
  return (await hasReadersToRestart(cluster, mark)) ? mark.before : undefined;
}

/** Whether there are pods from before the cluster showed this key. */
async function hasReadersToRestart(cluster: Kubernetes, mark: KeyMark): Promise<boolean> {
  return (await readersToRestart(cluster, mark)).length > 0;
}

async function readersToRestart(cluster: Kubernetes, { key }: KeyMark): Promise<Manifest[]> {
  const pods = await Promise.all((await readers(cluster)).map(set => podsIn(cluster, set)));
  return pods.flat().filter(({ metadata }) => metadata?.annotations?.[KEY] !== key);
}

/**
 * Every broker and proxy has come since the cluster showed this key.
 *
 * @throws TokensStale
 */
export async function assertRestarted(cluster: Kubernetes, mark: KeyMark): Promise<void> {
  const [pod] = await readersToRestart(cluster, mark);
  if (pod === undefined) return;
  const { namespace, name, annotations } = pod.metadata ?? {};
  throw new PlatformError('TokensStale', `${name} may still take tokens of ${mark.before}`, {
    where: `${namespace}/${name}`,
    saw: `${KEY}: ${annotations?.[KEY] ?? 'none'}`,
    want: mark.key,
    fix: 'run the same command again: it restarts that pod',
  });
}

function podsIn(cluster: Kubernetes, { metadata, spec }: Manifest): Promise<Manifest[]> {
  const { selector } = spec as {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  };
  const labels = Object.entries(selector.matchLabels).map(pair => pair.join('='));
  return cluster.list('v1', 'Pod', metadata?.namespace, labels.join(','));
}

type RestartOptions = ClusterTokensOptions & { readonly plan: ClusterPlan };

/**
 * Before anything is written: tokens that are new, and brokers that may not be restarted, would refuse each other.
 *
 * @throws GateRed
 */
export async function assertRestartable(cluster: Kubernetes, options: RestartOptions): Promise<void> {
  const installed = (await readers(cluster)).length > 0;
  await careOf(cluster, options).gate('the exchange of the key', installed ? ['pulsar'] : []);
}

/** Restarts them one after the other, each healthy before the next; returns which there are. */
export async function restartReaders(cluster: Kubernetes, options: RestartOptions): Promise<string[]> {
  const sets = await readers(cluster);
  await careOf(cluster, options).roll(sets);
  return READERS.filter(component =>
    sets.some(({ metadata }) => metadata?.name === pulsarService(component)),
  );
}

function careOf(
  cluster: Kubernetes,
  { plan, kubeconfig, ignoreGates = false, report, signal }: RestartOptions,
): Care {
  const options = { ignoreGates, signal, ...(kubeconfig !== undefined && { kubeconfig }) };
  return careFor(plan, cluster, options, report);
}

/** Those that are installed. */
async function readers(cluster: Kubernetes): Promise<Manifest[]> {
  const found = await Promise.all(
    READERS.map(component => {
      const metadata = { name: pulsarService(component), namespace: NAMESPACES.pulsar };
      return cluster.read({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata } satisfies ObjectRef);
    }),
  );
  return found.filter(set => set !== undefined);
}
