import { type Manifest, refText } from '../../../edges/kubernetes.js';
import type { Finding } from '../../../errors.js';
import { type ClusterPlan, TIER_LABEL } from '../../../plan/index.js';
import { minorOf } from './aws-findings.js';
import { liveFinding } from './questions.js';

// What the answers of an API server mean for a plan. Pure.

const ZONE = 'topology.kubernetes.io/zone';

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

interface NodeParts {
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: {
    readonly nodeInfo?: { readonly kubeletVersion?: string };
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

export function kubeletFindings(nodes: readonly Manifest[], version: string): Finding[] {
  const older = nodes.flatMap(node => {
    const kubelet = (node as NodeParts).status?.nodeInfo?.kubeletVersion ?? '';
    return minorOf(kubelet) < minorOf(version) ? [{ name: node.metadata?.name ?? '', kubelet }] : [];
  });
  if (older.length === 0) return [];
  const most = Math.max(...older.map(({ kubelet }) => minorOf(version) - minorOf(kubelet)));
  return [
    liveFinding('KubeletBehind', `${older.length} nodes are ${most} minor versions behind at most`, {
      at: ['cluster', 'nodes'],
      // Three are what Kubernetes allows: with one more they may not join.
      severity: most >= 3 ? 'error' : 'warning',
      saw: older
        .slice(0, 5)
        .map(({ name, kubelet }) => `${name} ${kubelet}`)
        .join(', '),
      want: version,
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

/** Zones of what keeps data, and the nodes that are ready for it there. */
export function nodeZoneFindings({ nodeGroups }: ClusterPlan, nodes: readonly Manifest[]): Finding[] {
  const wanted = new Map<string, number>();
  for (const { zones, min } of nodeGroups.filter(({ tier }) => tier === 'stateful')) {
    // One group a zone.
    for (const zone of zones) wanted.set(zone, (wanted.get(zone) ?? 0) + Math.floor(min / zones.length));
  }
  return [...wanted].flatMap(([zone, count]) => {
    const there = nodes.filter(
      node => isOf(node, 'stateful') && node.metadata?.labels?.[ZONE] === zone && isUsable(node),
    ).length;
    if (there >= count) return [];
    return [
      liveFinding('ZoneLacksNodes', `${zone} has too few nodes for what keeps data`, {
        at: ['cluster', zone],
        saw: `${there} ready`,
        want: `>= ${count}`,
      }),
    ];
  });
}

function isOf({ metadata }: Manifest, tier: string): boolean {
  return metadata?.labels?.[TIER_LABEL] === tier;
}

function isUsable(node: Manifest): boolean {
  const { spec, status } = node as NodeParts;
  const ready =
    status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
  return ready && spec?.unschedulable !== true;
}

interface VolumeParts {
  readonly claimRef?: { readonly namespace?: string; readonly name?: string };
  readonly nodeAffinity?: {
    readonly required?: {
      readonly nodeSelectorTerms: readonly {
        readonly matchExpressions?: readonly { readonly key: string; readonly values?: readonly string[] }[];
      }[];
    };
  };
}

/** Disks of the platform's claims in a zone that has no node which may be used. */
export function diskFindings(
  volumes: readonly Manifest[],
  nodes: readonly Manifest[],
  namespaces: ReadonlySet<string>,
): Finding[] {
  const zones = new Set(nodes.filter(isUsable).map(({ metadata }) => metadata?.labels?.[ZONE]));
  return volumes.flatMap(volume => {
    const { claimRef, nodeAffinity } = (volume['spec'] ?? {}) as VolumeParts;
    const { phase } = (volume['status'] ?? {}) as { phase?: string };
    // One that is kept after its claim has gone names the claim still, and no pod waits for it.
    if (phase === 'Released' || claimRef === undefined || !namespaces.has(claimRef.namespace ?? ''))
      return [];
    const terms = nodeAffinity?.required?.nodeSelectorTerms ?? [];
    const places = terms.flatMap(({ matchExpressions = [] }) =>
      matchExpressions.filter(({ key }) => /(^|\/)zone$/.test(key)).flatMap(({ values = [] }) => values),
    );
    if (places.length === 0 || places.some(zone => zones.has(zone))) return [];
    return [
      liveFinding('DiskWithoutNode', `no node can mount the disk of ${claimRef.namespace}/${claimRef.name}`, {
        at: ['cluster', volume.metadata?.name ?? ''],
        saw: `it lies in ${places.join(', ')}; nodes are in ${[...zones].filter(Boolean).sort().join(', ') || 'no zone'}`,
        want: 'a node in its zone',
      }),
    ];
  });
}

interface Webhook {
  readonly name: string;
  readonly failurePolicy?: string;
  readonly rules?: readonly { readonly apiGroups?: readonly string[] }[];
  readonly clientConfig?: {
    readonly caBundle?: string;
    readonly service?: { readonly namespace: string; readonly name: string };
  };
}

/**
 * @param answering Services that answer, as `namespace/name`
 * @param groups API groups of what the platform writes: a webhook for others blocks only somebody else
 */
export function webhookFindings(
  configurations: readonly Manifest[],
  answering: ReadonlySet<string>,
  groups: ReadonlySet<string>,
): Finding[] {
  return configurations.flatMap(configuration =>
    ((configuration['webhooks'] ?? []) as readonly Webhook[]).flatMap(
      ({ name, failurePolicy, clientConfig, rules = [] }) => {
        const { service, caBundle = '' } = clientConfig ?? {};
        if (failurePolicy === 'Ignore' || service === undefined) return [];
        const place = `${service.namespace}/${service.name}`;
        const why = !answering.has(place)
          ? `nobody is ready behind the Service ${place}`
          : caBundle === ''
            ? 'it has no caBundle: nobody verifies it'
            : undefined;
        if (why === undefined) return [];
        return [
          liveFinding('WebhookBlocks', `the webhook ${name} can not be asked, and must be`, {
            at: ['cluster', refText(configuration)],
            ...(asksOf(rules, groups) ? {} : { severity: 'warning' }),
            saw: why,
            want: 'a ready pod behind it, or failurePolicy Ignore',
          }),
        ];
      },
    ),
  );
}

function asksOf(rules: NonNullable<Webhook['rules']>, groups: ReadonlySet<string>): boolean {
  return rules.some(({ apiGroups = [] }) => apiGroups.some(group => group === '*' || groups.has(group)));
}

/** `namespace/name` of the Services that have a ready endpoint. */
export function answeringServices(slices: readonly Manifest[]): Set<string> {
  const ready = slices.filter(slice =>
    ((slice['endpoints'] ?? []) as readonly { conditions?: { ready?: boolean } }[]).some(
      ({ conditions }) => conditions?.ready !== false,
    ),
  );
  return new Set(
    ready.map(
      ({ metadata }) => `${metadata?.namespace}/${metadata?.labels?.['kubernetes.io/service-name'] ?? ''}`,
    ),
  );
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
