import type { Manifest } from '../../../edges/kubernetes.js';
import type { Finding } from '../../../errors.js';
import { type ClusterPlan, TIER_LABEL } from '../../../plan/index.js';
import { minorOf } from './aws-findings.js';
import { liveFinding } from './questions.js';

// What nodes and their disks mean for a plan. Pure.

const ZONE = 'topology.kubernetes.io/zone';

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
