import { isIPv6 } from 'node:net';

/**
 * Failed sign-ins, and who has to wait for them.
 *
 * The trade-off: a limit by name alone stops guesses from many addresses, and lets any stranger lock somebody's name out.
 * So only failures count, by name and address together, and the wait doubles with each; the right password from an
 * address that has not failed always gets in. Whoever guesses at one name from many addresses is stopped by the cost of
 * a guess (scrypt, two at a time) and, while a name is under attack, by having one guess at it in a quarter of an hour from each
 * address: N addresses make 4 N guesses an hour, which the length of a password has to withstand. Each process counts for itself.
 */
export interface Guesses {
  /** Counts as failed until it is known to be right. */
  begin(name: string, ip: string): Guess;
}

export interface Guess {
  /** How long to wait until the next one, ms; this one is refused, and is not counted. 0: it may be looked at. */
  readonly waitMs: number;
  /** Nothing has failed yet from where it comes. */
  readonly isFirst: boolean;
  /** The password was right: what failed before from there was a slip. */
  right(): void;
  /** It was not looked at. */
  never(): void;
}

/** Slips that cost nothing. */
export const FREE_FAILURES = 5;
/** A whole office may be behind one address: with so many failures that are not forgiven yet it has to wait. */
export const FAILURES_OF_ADDRESS = 120;
/** With so many from wherever that are not forgiven yet, a name is under attack. */
export const FAILURES_OF_NAME = 60;
/** Of the failures of an address, and of those at a name, one is forgiven in each such time. */
export const FORGIVEN_MS = 60_000;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** Those of an address at one name are forgotten so long after the last. */
export const FORGOTTEN_MS = 3_600_000;
/** Each has cost somebody a guess. */
export const MAX_KNOWN = 50_000;

export function guessesOf(clock: () => number = Date.now): Guesses {
  const pairs = tally(clock);
  const addresses = bucket(clock);
  const names = bucket(clock);
  return {
    begin: (name, ip) => {
      const address = prefixOf(ip);
      const pair = `${address} ${name}`;
      const failed = pairs.count(pair);
      const slips = names.wait(name, FAILURES_OF_NAME) > 0 ? 1 : FREE_FAILURES;
      const waitMs = Math.max(
        failed < slips ? 0 : pairs.since(pair) + waitAfter(failed, slips) - clock(),
        addresses.wait(address, FAILURES_OF_ADDRESS),
        0,
      );
      const counted =
        waitMs > 0
          ? []
          : ([
              [pairs, pair],
              [addresses, address],
              [names, name],
            ] as const);
      const undo = counted.map(([failures, key]) => failures.add(key));
      const never = () => {
        for (const each of undo) each();
      };
      return {
        waitMs,
        isFirst: failed === 0,
        never,
        right: () => {
          never();
          pairs.forget(pair);
        },
      };
    },
  };
}

function waitAfter(failures: number, slips: number): number {
  if (slips < FREE_FAILURES) return LONGEST_WAIT_MS;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - slips));
}

/** What one customer of a provider has: an IPv4 address, or the first half of an IPv6 one. */
export function prefixOf(ip: string): string {
  if (!isIPv6(ip)) return ip;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  const [head = [], tail = []] = ip.split('::').map(half => half.split(':').filter(Boolean));
  const groups = [...head, ...Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0'), ...tail];
  return groups
    .slice(0, 4)
    .map(group => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/** Failures that are forgotten all at once, when there has been none for a while. */
function tally(clock: () => number) {
  const known = new Map<string, { count: number; last: number }>();
  const find = (key: string) => {
    const found = known.get(key);
    if (found === undefined || clock() - found.last <= FORGOTTEN_MS) return found;
    known.delete(key);
    return undefined;
  };
  return {
    count: (key: string) => find(key)?.count ?? 0,
    since: (key: string) => find(key)?.last ?? 0,
    /** @returns takes it back, as if it had not been */
    add: (key: string) => {
      const before = find(key);
      const added = { count: (before?.count ?? 0) + 1, last: clock() };
      remember(known, key, added);
      return () => {
        const found = find(key);
        if (found === undefined) return;
        // The wait goes on from the failure before, unless another one came meanwhile.
        if (found === added && before !== undefined) found.last = before.last;
        if (--found.count <= 0) known.delete(key);
      };
    },
    forget: (key: string) => known.delete(key),
  };
}

/** Failures that are forgiven one by one, however many come meanwhile. */
function bucket(clock: () => number) {
  /** When the last of them will be forgiven. */
  const known = new Map<string, number>();
  const endOf = (key: string) => Math.max(known.get(key) ?? 0, clock());
  return {
    /** How long until there are fewer than a limit, ms. */
    wait: (key: string, limit: number) => Math.max(0, endOf(key) - clock() - (limit - 1) * FORGIVEN_MS),
    /** @returns takes it back, as if it had not been */
    add: (key: string) => {
      remember(known, key, endOf(key) + FORGIVEN_MS);
      return () => {
        const end = endOf(key) - FORGIVEN_MS;
        if (end <= clock()) known.delete(key);
        else if (known.has(key)) known.set(key, end);
      };
    },
  };
}

/** Those that failed last stand at the end, and the oldest goes first when there are too many. */
function remember<T>(known: Map<string, T>, key: string, value: T): void {
  known.delete(key);
  known.set(key, value);
  const [oldest] = known.keys();
  if (known.size > MAX_KNOWN && oldest !== undefined) known.delete(oldest);
}
