import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kubernetes, kubernetes, type Manifest } from '../../../edges/kubernetes.js';

interface SetSpec {
  readonly replicas: number;
  readonly template: {
    readonly metadata: {
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    };
  };
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
}

/** A pod that came, in the order in which they came. */
export interface Birth {
  readonly pod: string;
  readonly revision: string;
  /** Pods of the namespace that were not ready then. */
  readonly away: readonly string[];
}

export interface Stand {
  readonly births: readonly Birth[];
  stop(): Promise<void>;
}

const TICK_MS = 100;

/**
 * Stands in for what an API server without nodes lacks: the controllers of StatefulSets (those that replace a pod only
 * when it is deleted) and Jobs, and kubelets, which make pods ready one tick after they came. No container runs.
 */
export function playControllers(kubeconfig: string, namespace: string): Stand {
  const cluster = kubernetes({ kubeconfig, manager: 'controllers' });
  const births: Birth[] = [];
  let running = true;
  const round = async () => {
    for (const set of await cluster.list('apps/v1', 'StatefulSet', namespace))
      await tendSet(cluster, set, births);
    for (const job of await cluster.list('batch/v1', 'Job', namespace)) await finish(cluster, job);
  };
  const loop = (async () => {
    while (running) {
      // What has gone since it was listed comes up again, or never.
      await round().catch(() => undefined);
      await sleep(TICK_MS);
    }
  })();
  return {
    births,
    stop: async () => {
      running = false;
      await loop;
    },
  };
}

async function tendSet(cluster: Kubernetes, set: Manifest, births: Birth[]): Promise<void> {
  const { name = '', namespace = '', generation = 1 } = set.metadata ?? {};
  const { replicas, template, selector } = set['spec'] as SetSpec;
  const revision = `${name}-${createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 8)}`;
  const labels = Object.entries(selector.matchLabels).map(pair => pair.join('='));
  const pods = await cluster.list('v1', 'Pod', namespace, labels.join(','));
  for (const pod of pods) if (!isReady(pod)) await makeReady(cluster, pod);
  for (let ordinal = 0; ordinal < replicas; ordinal += 1) {
    const pod = `${name}-${ordinal}`;
    if (pods.some(({ metadata }) => metadata?.name === pod)) continue;
    const others = await cluster.list('v1', 'Pod', namespace);
    const away = others.filter(other => !isReady(other)).map(({ metadata }) => metadata?.name ?? '');
    births.push({ pod, revision, away });
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: pod,
        namespace,
        labels: { ...template.metadata.labels, 'controller-revision-hash': revision },
        annotations: template.metadata.annotations,
      },
      spec: POD_SPEC,
    } as unknown as Manifest);
  }
  const now = await cluster.list('v1', 'Pod', namespace, labels.join(','));
  const updated = now.filter(({ metadata }) => metadata?.labels?.['controller-revision-hash'] === revision);
  await status(cluster, set, {
    observedGeneration: generation,
    replicas: now.length,
    readyReplicas: now.filter(isReady).length,
    availableReplicas: now.filter(isReady).length,
    updatedReplicas: updated.length,
    updateRevision: revision,
    currentRevision: revision,
  });
}

/** Stands every policy of Pod Security; nothing runs it. */
const POD_SPEC = {
  securityContext: { runAsNonRoot: true, runAsUser: 10_000, seccompProfile: { type: 'RuntimeDefault' } },
  containers: [
    {
      name: 'stand-in',
      image: 'stand-in',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ],
};

function isReady({ status: seen }: Manifest): boolean {
  const { conditions = [] } = (seen ?? {}) as {
    readonly conditions?: readonly { type: string; status: string }[];
  };
  return conditions.some(it => it.type === 'Ready' && it.status === 'True');
}

async function makeReady(cluster: Kubernetes, pod: Manifest): Promise<void> {
  await status(cluster, pod, { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] });
}

async function finish(cluster: Kubernetes, job: Manifest): Promise<void> {
  const done = ((job['status'] ?? {}) as { readonly succeeded?: number }).succeeded;
  if (done !== undefined) return;
  const at = new Date().toISOString().replace(/\.\d+/, '');
  const condition = (type: string) => ({ type, status: 'True', lastTransitionTime: at });
  await status(cluster, job, {
    startTime: at,
    completionTime: at,
    succeeded: 1,
    conditions: [condition('SuccessCriteriaMet'), condition('Complete')],
  });
}

/** What has gone meanwhile has no status. */
async function status(
  cluster: Kubernetes,
  { apiVersion, kind, metadata }: Manifest,
  value: object,
): Promise<void> {
  const { name, namespace } = metadata ?? {};
  const object = { apiVersion, kind, metadata: { name, namespace }, status: value } as unknown as Manifest;
  await cluster.apply(object, { force: true, subresource: 'status' }).catch(() => undefined);
}
