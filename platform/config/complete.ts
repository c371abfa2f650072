import { zonesOf } from './facts/regions.js';
import { MOST_PER_ZONE } from './schema/aws.js';
import type { ParsedConfig } from './schema/index.js';
import { spread } from './spread.js';
import { expandTenancy } from './tenancy.js';
import { toDuration, toSeconds } from './units.js';

/** Fills in what depends on other values, so that every reader sees one complete config. Pure. */
export function complete(parsed: ParsedConfig, environment?: string) {
  const { network, nodes, entrances, tls } = parsed;
  const arm = nodes.architecture === 'arm64';
  const zones = network.zones ?? zonesOf(parsed.region)?.slice(0, 3) ?? [];
  const statefulZones = nodes.stateful.zones ?? zones;
  const general = arm ? 'm7g.large' : 'm7i.large';
  return {
    ...parsed,
    ...(environment !== undefined && { environment }),
    network: { ...network, zones },
    pulsar: expandTenancy(parsed.pulsar),
    tls: {
      ...tls,
      renewBefore: tls.renewBefore ?? toDuration(minutes((toSeconds(tls.leafDuration) * 2) / 3)),
    },
    nodes: {
      ...nodes,
      stateful: {
        ...nodes.stateful,
        instanceType: nodes.stateful.instanceType ?? general,
        zones: statefulZones,
        perZone: nodes.stateful.perZone ?? nodesPerZone(parsed, statefulZones.length),
      },
      stateless:
        nodes.stateless.kind === 'managed'
          ? { ...nodes.stateless, instanceType: nodes.stateless.instanceType ?? general }
          : {
              ...nodes.stateless,
              systemInstanceType: nodes.stateless.systemInstanceType ?? (arm ? 't4g.large' : 't3.large'),
            },
      edge: {
        instanceType: nodes.edge.instanceType ?? (arm ? 't4g.medium' : 't3.medium'),
        count: nodes.edge.count ?? zones.length,
      },
    },
    entrances: {
      http: {
        ...entrances.http,
        adminAllow: entrances.http.adminAllow.length > 0 ? entrances.http.adminAllow : [network.cidr],
      },
      pulsar:
        entrances.pulsar.kind === 'none'
          ? entrances.pulsar
          : { ...entrances.pulsar, allow: entrances.pulsar.allow ?? [network.cidr] },
    },
  };
}

/** The config of one environment with every default filled in. */
export type Config = ReturnType<typeof complete> & {
  /** Key under `environments`; part of every name in AWS. @default - none was asked for */
  readonly environment?: string;
};

/** No two of a kind share a node. */
function nodesPerZone({ pulsar: { bookies, metadata } }: ParsedConfig, zones: number): number {
  const most = Math.max(2, ...spread(bookies.replicas, zones), ...spread(metadata.replicas, zones));
  return Math.min(MOST_PER_ZONE, most);
}

/** Down to a whole minute. */
function minutes(seconds: number): number {
  return Math.max(60, Math.floor(seconds / 60) * 60);
}
