import type { Config } from './complete.js';
import { spread } from './spread.js';

/**
 * Zones that every message stands in before it is acknowledged, where there are that many: the rack-aware placement
 * chooses ensembles so, and brokers wait for it (`enforceMinNumFaultDomainsForWrite`). Two, not three: after the
 * loss of one zone of three, writes must go on in the two that are left.
 */
export function zonesPerMessage(zones: number, write: number): number {
  return Math.min(2, zones, write);
}

interface Quorum {
  readonly ensemble: number;
  readonly write: number;
  readonly ack: number;
}

/** Beyond this many bookies in an ensemble the patterns repeat; enumerating more would only take time. */
const LONGEST = 5;

/**
 * Every way in which the acknowledged copies of an entry can lie: the zones of those copies, over all ensembles that
 * placement can choose, all their write sets, and all smallest sets of acknowledgements.
 */
export function acknowledgedCopies(
  bookiesInZone: readonly number[],
  { ensemble, write, ack }: Quorum,
): number[][] {
  const zones = bookiesInZone.filter(count => count > 0).length;
  const length = Math.min(ensemble, LONGEST);
  const copies = Math.min(write, length);
  const wanted = zonesPerMessage(zones, copies);
  const distinct = (set: readonly number[]) => new Set(set).size;
  return sequences(bookiesInZone, length)
    .map(picked => windows(picked, copies))
    .filter(sets => sets.every(set => distinct(set) >= wanted))
    .flatMap(sets => sets.flatMap(set => subsets(set)))
    .filter(acked => acked.length >= Math.min(ack, copies) && distinct(acked) >= wanted);
}

/** Every sequence of zones that `length` different bookies can have. */
function sequences(bookiesInZone: readonly number[], length: number): number[][] {
  if (length === 0) return [[]];
  return sequences(bookiesInZone, length - 1).flatMap(picked =>
    bookiesInZone.flatMap((count, zone) =>
      count > picked.filter(at => at === zone).length ? [[...picked, zone]] : [],
    ),
  );
}

/** The write sets of an ensemble: each `write` neighbours, the last one beside the first. */
function windows(ensemble: readonly number[], write: number): number[][] {
  const ring = [...ensemble, ...ensemble];
  return ensemble.map((_, start) => ring.slice(start, start + write));
}

function subsets([first, ...rest]: readonly number[]): number[][] {
  if (first === undefined) return [[]];
  const without = subsets(rest);
  return [...without, ...without.map(subset => [first, ...subset])];
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
 * - reads: of the copies that were acknowledged at least one must stand elsewhere
 */
export function shortagesAfter(loss: 'zone' | 'node', { pulsar, nodes, network }: Config): Shortage[] {
  const zones = nodes.stateful.zones.length;
  const { metadata, bookies, brokers, proxies, quorum } = pulsar;
  const left = (replicas: number, across = zones) =>
    replicas - (loss === 'node' ? 1 : Math.max(...spread(replicas, across)));
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
      left: copiesLeft(loss, spread(bookies.replicas, zones), quorum),
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

/** Copies of an entry that are left in the worst case. */
function copiesLeft(loss: 'zone' | 'node', bookiesInZone: readonly number[], quorum: Quorum): number {
  const left = acknowledgedCopies(bookiesInZone, quorum).flatMap(acked =>
    loss === 'node' ? [acked.length - 1] : acked.map(zone => acked.filter(at => at !== zone).length),
  );
  return left.length === 0 ? 0 : Math.min(...left);
}
