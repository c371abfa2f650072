import type { PlacedObject } from '../../../checks/index.js';
import type { Kubernetes, Manifest } from '../../../edges/kubernetes.js';
import { type ClusterPlan, NAMESPACES } from '../../../plan/index.js';
import {
  apiVersionFindings,
  enforcementFindings,
  kindFindings,
  podFindings,
  storageFindings,
} from './cluster-findings.js';
import { diskFindings, kubeletFindings, nodeZoneFindings } from './node-findings.js';
import { askAll, type LiveResult, type Question } from './questions.js';
import { answeringServices, webhookFindings } from './webhook-findings.js';

/** Namespaces in which every pod is one of the plan's workloads. */
const OWN = [NAMESPACES.pulsar, NAMESPACES.services] as const;

/**
 * What an API server says of what the platform stands on. Reads alone.
 *
 * @param written objects as the platform writes them
 */
export function askCluster(
  plan: ClusterPlan,
  cluster: Kubernetes,
  written: readonly PlacedObject[],
  signal?: AbortSignal,
): Promise<LiveResult> {
  return askAll('cluster', questions(plan, cluster, written), signal);
}

function questions(plan: ClusterPlan, cluster: Kubernetes, written: readonly PlacedObject[]): Question[] {
  const objects = written.map(({ object }) => object as unknown as Manifest);
  const nodes = once(() => cluster.list('v1', 'Node'));
  return [
    {
      what: 'the version',
      codes: ['KubernetesVersionOther', 'KubeletBehind'],
      ask: async () => {
        const version = await cluster.version();
        return [...apiVersionFindings(plan, version), ...kubeletFindings(await nodes(), version)];
      },
    },
    {
      what: 'the kinds that it serves',
      codes: ['KindNotServed'],
      ask: async () =>
        kindFindings(
          written.map(({ object }) => object),
          await cluster.list('apiextensions.k8s.io/v1', 'CustomResourceDefinition'),
        ),
    },
    {
      what: 'storage classes',
      codes: ['StorageClassDiffers'],
      ask: async () =>
        storageFindings(
          objects.filter(({ kind }) => kind === 'StorageClass'),
          await cluster.list('storage.k8s.io/v1', 'StorageClass'),
        ),
    },
    {
      what: 'zones of nodes and disks',
      codes: ['ZoneLacksNodes', 'DiskWithoutNode'],
      ask: async () => [
        ...nodeZoneFindings(plan, await nodes()),
        ...diskFindings(
          await cluster.list('v1', 'PersistentVolume'),
          await nodes(),
          new Set(Object.values(NAMESPACES)),
        ),
      ],
    },
    {
      what: 'webhooks',
      codes: ['WebhookBlocks'],
      ask: async () => {
        const kinds = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];
        const group = 'admissionregistration.k8s.io/v1';
        const [slices, ...found] = await Promise.all([
          cluster.list('discovery.k8s.io/v1', 'EndpointSlice'),
          ...kinds.map(kind => cluster.list(group, kind)),
        ]);
        const groups = new Set(objects.map(({ apiVersion = '' }) => apiVersion.split('/').at(-2) ?? ''));
        return webhookFindings(found.flat(), answeringServices(slices), groups);
      },
    },
    {
      what: 'the network plugin',
      codes: ['PoliciesNotEnforced'],
      ask: async () => enforcementFindings(await cluster.list('apps/v1', 'DaemonSet')),
    },
    {
      what: 'pods',
      codes: ['PodUnknown'],
      ask: async () => {
        const found = await Promise.all(OWN.map(namespace => cluster.list('v1', 'Pod', namespace)));
        return podFindings(plan, found.flat());
      },
    },
  ];
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= work();
    return made;
  };
}
