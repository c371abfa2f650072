import type { Manifest } from '../../../edges/kubernetes.js';
import type { Finding } from '../../../errors.js';
import type { ClusterPlan } from '../../../plan/index.js';
import { minorOf } from './aws-findings.js';
import { liveFinding } from './questions.js';

// What the answers of an API server mean for a plan. Pure.

/** @param version `1.35` */
export function apiVersionFindings({ config }: ClusterPlan, version: string): Finding[] {
  const wanted = config.cluster.kubernetesVersion;
  if (minorOf(version) === minorOf(wanted)) return [];
  return [
    liveFinding('KubernetesVersionOther', `the cluster runs Kubernetes ${version}`, {
      at: ['cluster', 'version'],
      saw: version,
      want: wanted,
    }),
  ];
}

/** What a CustomResourceDefinition has Kubernetes serve. */
interface Definition {
  readonly spec?: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/** Groups that no definition brings. */
const BUILT_IN = /^(apps|batch|autoscaling|policy|(?!gateway\.)[a-z.]+\.k8s\.io)$/;

/** @param written what the platform writes into the cluster */
export function kindFindings(
  written: readonly { readonly apiVersion: string; readonly kind: string }[],
  definitions: readonly Manifest[],
): Finding[] {
  const known = definitions.flatMap(({ spec }) => (spec as Definition['spec']) ?? []);
  const wanted = new Map(
    written.map(({ apiVersion, kind }) => [`${apiVersion} ${kind}`, { apiVersion, kind }]),
  );
  return [...wanted.values()].flatMap(({ apiVersion, kind }) => {
    const [group = '', version] = apiVersion.split('/');
    if (version === undefined || BUILT_IN.test(group)) return [];
    const definition = known.find(it => it.group === group && it.names.kind === kind);
    const served = definition?.versions.filter(it => it.served).map(({ name }) => name) ?? [];
    if (served.includes(version)) return [];
    return [
      liveFinding('KindNotServed', `the cluster serves no ${kind} of ${apiVersion}`, {
        at: ['cluster', `${kind}.${group}`],
        // Before the first apply nothing is there yet, which is no mistake.
        severity: definition === undefined ? 'warning' : 'error',
        saw: definition === undefined ? 'no such kind' : served.join(', ') || 'no version',
        want: version,
      }),
    ];
  });
}

/** @param written classes as the platform writes them */
export function storageFindings(written: readonly Manifest[], found: readonly Manifest[]): Finding[] {
  return written.flatMap(want => {
    const name = want.metadata?.name ?? '';
    const have = found.find(({ metadata }) => metadata?.name === name);
    if (have === undefined) {
      return [
        liveFinding('StorageClassDiffers', `there is no storage class ${name}`, {
          at: ['cluster', `StorageClass ${name}`],
          severity: 'warning',
          saw: found.map(({ metadata }) => metadata?.name).join(', ') || 'none',
          want: name,
          fix: 'platform apply --stage base makes it',
        }),
      ];
    }
    const fields = ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'] as const;
    return fields
      .filter(field => sortedJson(want[field]) !== sortedJson(have[field]))
      .map(field =>
        liveFinding('StorageClassDiffers', `the storage class ${name} has another ${field}`, {
          at: ['cluster', `StorageClass ${name}.${field}`],
          saw: sortedJson(have[field]),
          want: sortedJson(want[field]),
        }),
      );
  });
}

function sortedJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  return JSON.stringify(Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Network plugins that enforce NetworkPolicies, by the name of their DaemonSet. */
const ENFORCERS = /^(calico-node|cilium|antrea-agent|kube-router|weave-net|canal|kindnet|ovnkube-node)/;

/** Whether a DaemonSet enforces policies: the plugin of AWS does when its agent is told to. */
export function enforces(daemon: Manifest): boolean {
  const { name = '' } = daemon.metadata ?? {};
  if (ENFORCERS.test(name)) return true;
  if (name !== 'aws-node') return false;
  const spec = daemon['spec'] as
    | { template?: { spec?: { containers?: readonly { name: string; args?: readonly string[] }[] } } }
    | undefined;
  return (spec?.template?.spec?.containers ?? []).some(
    container =>
      container.name === 'aws-eks-nodeagent' &&
      (container.args ?? []).some(arg => /^--enable-network-policy=true$/.test(arg)),
  );
}

export function enforcementFindings(daemons: readonly Manifest[]): Finding[] {
  if (daemons.some(enforces)) return [];
  const names = daemons.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
  return [
    liveFinding('PoliciesNotEnforced', 'no network plugin acts by NetworkPolicies', {
      at: ['cluster', 'kube-system'],
      saw: names.join(', ') || 'no DaemonSet at all',
      want: 'aws-node with --enable-network-policy=true, Calico or Cilium',
    }),
  ];
}

/** Pods in the namespaces of Pulsar and services that are none of the plan's workloads. */
export function podFindings({ workloads }: ClusterPlan, pods: readonly Manifest[]): Finding[] {
  const own = workloads.flatMap(({ pods: places }) => places ?? []);
  return pods.flatMap(pod => {
    const { name = '', namespace = '', labels = {}, ownerReferences = [] } = pod.metadata ?? {};
    const { phase } = (pod['status'] ?? {}) as { phase?: string };
    // Jobs initialise the cluster and end.
    if (phase === 'Succeeded' || phase === 'Failed' || ownerReferences.some(({ kind }) => kind === 'Job'))
      return [];
    const known = own.some(
      place =>
        place.namespace === namespace &&
        Object.entries(place.labels).every(([key, value]) => labels[key] === value),
    );
    if (known) return [];
    return [
      liveFinding('PodUnknown', `${namespace}/${name} is no workload of the plan`, {
        at: ['cluster', `${namespace}/Pod/${name}`],
        saw:
          Object.entries(labels)
            .map(pair => pair.join('='))
            .join(',') || 'no labels',
        want: 'the labels of one of its workloads',
      }),
    ];
  });
}
