/** Something that was asked for, or why nobody could tell it: what is not known is not taken for good. */
export type Known = number | { readonly unknown: string };

/** How Pulsar does, as far as a restart could make it worse. A part that is not installed is not there. */
export interface Health {
  /** ZooKeeper or Oxia. */
  readonly metadata?: { readonly members: number; readonly serving: Known };
  readonly bookies?: {
    readonly replicas: number;
    readonly writable: Known;
    /** Ledgers with too few copies. */
    readonly underReplicated: Known;
  };
  /** Messages that wait on the topic with the most. */
  readonly backlog?: Known;
}

export interface GateLimits {
  /** Bookies over which a ledger is spread: pulsar.quorum.ensemble. */
  readonly ensemble: number;
  /** Messages that may wait on a topic. */
  readonly maxBacklog: number;
}

export interface RedGate {
  readonly gate: 'quorum' | 'bookies' | 'under-replicated ledgers' | 'backlog';
  readonly saw: string;
  readonly want: string;
  readonly fix: string;
}

/**
 * What speaks against taking one pod away. With every gate green, one more that is away loses nothing: a majority of the
 * metadata store answers and each ledger has all its copies. Without a bookie to spare writes wait meanwhile. Pure.
 */
export function redGates({ metadata, bookies, backlog }: Health, limits: GateLimits): RedGate[] {
  return [
    ...(metadata === undefined ? [] : quorum(metadata.members, metadata.serving)),
    ...(bookies === undefined ? [] : writable(bookies.replicas, bookies.writable, limits.ensemble)),
    ...(bookies === undefined ? [] : copies(bookies.underReplicated)),
    ...(backlog === undefined ? [] : waiting(backlog, limits.maxBacklog)),
  ];
}

/** A majority must be left when one more goes. A single member has no majority to lose. */
function quorum(members: number, serving: Known): RedGate[] {
  const want = Math.min(members, Math.floor(members / 2) + 2);
  return atLeast(
    'quorum',
    serving,
    want,
    'members serving',
    'kubectl -n pulsar get pods -l component=zookeeper',
  );
}

/** Nothing is lost then, but no ledger can be opened before the bookie that restarts is back. Pure. */
export function noBookieToSpare({ bookies }: Health, { ensemble }: GateLimits): boolean {
  return bookies !== undefined && bookies.replicas <= ensemble;
}

function writable(replicas: number, seen: Known, ensemble: number): RedGate[] {
  const want = Math.min(replicas, ensemble + 1);
  return atLeast(
    'bookies',
    seen,
    want,
    'bookies writable',
    'see disks and logs of the bookies: platform status',
  );
}

function copies(seen: Known): RedGate[] {
  return atMost(
    'under-replicated ledgers',
    seen,
    0,
    'wait until autorecovery has copied them, then run it again',
  );
}

function waiting(seen: Known, limit: number): RedGate[] {
  return atMost(
    'backlog',
    seen,
    limit,
    'let the consumers catch up (platform topics list), or pass --max-backlog',
  );
}

function atLeast(gate: RedGate['gate'], seen: Known, least: number, what: string, fix: string): RedGate[] {
  if (typeof seen === 'number' && seen >= least) return [];
  return [{ gate, saw: textOf(seen), want: `at least ${least} ${what}`, fix }];
}

function atMost(gate: RedGate['gate'], seen: Known, most: number, fix: string): RedGate[] {
  if (typeof seen === 'number' && seen <= most) return [];
  return [{ gate, saw: textOf(seen), want: most === 0 ? 'none' : `at most ${most}`, fix }];
}

function textOf(seen: Known): string {
  return typeof seen === 'number' ? String(seen) : `not known: ${seen.unknown}`;
}
