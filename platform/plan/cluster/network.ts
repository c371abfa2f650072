import { type Config, formatCidr, parseCidr, subnet } from '../../config/index.js';
import type { ClusterNames } from './names.js';
import type { NetworkPlan, NodeGroup, Tier } from './types.js';

/**
 * Subnets: the range in quarters, one private quarter a zone; the last quarter in sixteenths, of which each zone has
 * one for its load balancers and NAT gateway. With two zones a quarter stays free, and room for a third zone with it.
 */
export function networkOf({ network }: Config): NetworkPlan {
  const vpc = parseCidr(network.cidr);
  if (vpc === undefined) throw new RangeError(`no network: ${network.cidr}`);
  const lastQuarter = subnet(vpc, vpc.prefix + 2, 3);
  const zones = network.zones.map((name, index) => ({
    name,
    privateCidr: formatCidr(subnet(vpc, vpc.prefix + 2, index)),
    publicCidr: formatCidr(subnet(lastQuarter, vpc.prefix + 4, index)),
  }));
  return {
    cidr: network.cidr,
    zones,
    natZones: network.nat === 'single' ? network.zones.slice(0, 1) : network.zones,
  };
}

/** Tiers whose nodes are tainted, so that only what tolerates it runs there. */
export const TAINTED_TIERS: readonly Tier[] = ['stateful', 'edge'];

/** Taint of nodes that AWS may take away at any time: only workers without state tolerate it. */
export const PREEMPTIBLE_TAINT = { key: 'platform/preemptible', value: 'true' } as const;

/** Room for the images of Pulsar (2 GB unpacked) and of everything beside it, in two versions. */
export const ROOT_DISK_GIB = 40;

/** Groups of nodes. The stateful tier has one a zone, since a volume can't follow its pod to another. */
export function nodeGroupsOf({ nodes, network }: Config, names: ClusterNames): NodeGroup[] {
  const { stateful, stateless, edge } = nodes;
  return [
    ...stateful.zones.map(
      (zone): NodeGroup => ({
        name: `${names.prefix}-stateful-${zone.at(-1)}`,
        tier: 'stateful',
        instanceType: stateful.instanceType,
        zones: [zone],
        min: stateful.perZone,
        max: stateful.perZone + 1,
        diskGiB: ROOT_DISK_GIB,
        kind: 'managed',
      }),
    ),
    stateless.kind === 'managed'
      ? {
          name: `${names.prefix}-stateless`,
          tier: 'stateless',
          instanceType: stateless.instanceType,
          zones: network.zones,
          min: stateless.min,
          max: stateless.max,
          diskGiB: ROOT_DISK_GIB,
          kind: 'managed',
        }
      : {
          name: `${names.prefix}-system`,
          tier: 'system',
          instanceType: stateless.systemInstanceType,
          zones: network.zones,
          min: 2,
          max: 3,
          diskGiB: ROOT_DISK_GIB,
          kind: 'managed',
        },
    {
      name: `${names.prefix}-edge`,
      tier: 'edge',
      instanceType: edge.instanceType,
      zones: network.zones,
      min: edge.count,
      max: edge.count + 1,
      diskGiB: ROOT_DISK_GIB,
      kind: 'scaling',
    },
  ];
}
