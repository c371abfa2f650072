import type { Config } from './complete.js';

/** How many of `replicas` stand in each of `zones` zones when none may hold two more than another. */
export function spread(replicas: number, zones: number): number[] {
  return Array.from({ length: zones }, (_, zone) => Math.floor((replicas + zones - 1 - zone) / zones));
}

export interface Shortage {
  readonly part: 'metadata' | 'bookies' | 'brokers' | 'proxies' | 'quorum';
  readonly left: number;
  readonly needed: number;
  readonly why: string;
}

/**
 * What would be missing after the worst loss of a zone or of a node. Empty when reads and writes go on.
 *
 * - metadata: more than half must be left
 * - writes: a new ensemble needs E bookies; BookKeeper does not write to fewer
 * - reads: of the Qa copies that were acknowledged at least one must stand elsewhere
 */
export function shortagesAfter(loss: 'zone' | 'node', { pulsar, nodes, network }: Config): Shortage[] {
  const zones = nodes.stateful.zones.length;
  const { metadata, bookies, brokers, proxies, quorum } = pulsar;
  const lost = (replicas: number, across: number) =>
    loss === 'node' ? 1 : Math.max(0, ...spread(replicas, across));
  const left = (replicas: number, across = zones) => replicas - lost(replicas, across);
  const copiesLost = loss === 'node' ? 1 : Math.ceil(quorum.write / Math.max(1, zones));
  const all: Shortage[] = [
    {
      part: 'metadata',
      left: left(metadata.replicas),
      needed: Math.floor(metadata.replicas / 2) + 1,
      why: 'more than half of the metadata servers must agree',
    },
    {
      part: 'bookies',
      left: left(bookies.replicas),
      needed: quorum.ensemble,
      why: 'a new ledger needs a whole ensemble',
    },
    {
      part: 'quorum',
      left: quorum.ack - copiesLost,
      needed: 1,
      why: 'every copy that was acknowledged may have stood on what is lost',
    },
    {
      part: 'brokers',
      left: left(brokers.replicas, network.zones.length),
      needed: 1,
      why: 'somebody must serve',
    },
    {
      part: 'proxies',
      left: left(proxies.replicas, network.zones.length),
      needed: 1,
      why: 'somebody must serve',
    },
  ];
  return all.filter(({ left: rest, needed }) => rest < needed);
}
