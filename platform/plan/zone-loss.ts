import { acknowledgedCopies, spread } from '../config/index.js';
import type { ClusterPlan } from './cluster/types.js';

/** What goes on while a zone of the stateful tier is away. */
export interface ZoneLoss {
  readonly zone: string;
  /** Metadata servers that are left, and how many must agree. */
  readonly metadata: { readonly left: number; readonly needed: number };
  /** Bookies that are left for new ledgers, and how many an ensemble takes. */
  readonly bookies: { readonly left: number; readonly needed: number };
  /** Share of the ways in which the acknowledged copies of an entry can lie that leave one elsewhere: 0 to 1. */
  readonly readable: number;
  readonly writes: boolean;
  readonly reads: boolean;
}

/** Takes each zone away and looks what is left, over every ensemble that placement can choose. */
export function zoneLosses(plan: ClusterPlan): ZoneLoss[] {
  const { pulsar, nodes } = plan.config;
  const { zones } = nodes.stateful;
  const metadata = spread(pulsar.metadata.replicas, zones.length);
  const bookies = spread(pulsar.bookies.replicas, zones.length);
  const needed = Math.floor(pulsar.metadata.replicas / 2) + 1;
  const placements = acknowledgedCopies(bookies, pulsar.quorum);
  return zones.map((zone, index) => {
    const metadataLeft = pulsar.metadata.replicas - (metadata[index] ?? 0);
    const bookiesLeft = pulsar.bookies.replicas - (bookies[index] ?? 0);
    const kept = placements.filter(acked => acked.some(at => at !== index)).length;
    const readable = placements.length === 0 ? 0 : kept / placements.length;
    const agree = metadataLeft >= needed;
    return {
      zone,
      metadata: { left: metadataLeft, needed },
      bookies: { left: bookiesLeft, needed: pulsar.quorum.ensemble },
      readable,
      writes: agree && bookiesLeft >= pulsar.quorum.ensemble,
      reads: agree && readable === 1,
    };
  });
}
