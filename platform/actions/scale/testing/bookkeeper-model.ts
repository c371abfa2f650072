import type { BookieFacts } from '../machine.js';
import type { BookieCluster } from '../run.js';

interface Bookie {
  readonly ordinal: number;
  writable: boolean;
  up: boolean;
  cookie: boolean;
}

/** BookKeeper under a StatefulSet, as far as scaling concerns it: who holds which copy of which fragment. */
export class BookKeeperModel {
  readonly #bookies = new Map<number, Bookie>();
  /** Fragment → ordinals that hold a copy. */
  readonly fragments = new Map<number, Set<number>>();
  /** Fewest copies that a fragment ever had after it was written. */
  fewestCopies = Number.POSITIVE_INFINITY;
  readonly writeQuorum: number;
  readonly #random: () => number;
  #replicas: number;

  constructor(replicas: number, writeQuorum: number, fragments: number, random: () => number) {
    this.#replicas = replicas;
    this.writeQuorum = writeQuorum;
    this.#random = random;
    for (let ordinal = 0; ordinal < replicas; ordinal++) {
      this.#bookies.set(ordinal, { ordinal, writable: true, up: true, cookie: true });
    }
    for (let fragment = 0; fragment < fragments; fragment++) this.write();
  }

  get replicas(): number {
    return this.#replicas;
  }

  get cookies(): number[] {
    return [...this.#bookies.values()].filter(({ cookie }) => cookie).map(({ ordinal }) => ordinal);
  }

  /** A client writes a fragment: to bookies that take writes, or not at all. */
  write(): void {
    const able = this.#shuffled([...this.#bookies.values()].filter(({ up, writable }) => up && writable));
    if (able.length < this.writeQuorum) return;
    const copies = able.slice(0, this.writeQuorum).map(({ ordinal }) => ordinal);
    this.fragments.set(this.fragments.size, new Set(copies));
    this.#measure();
  }

  /** A process ends or comes back; its disk stays. */
  flip(ordinal: number): void {
    const bookie = this.#bookies.get(ordinal);
    // Without its cookie a bookie does not start.
    if (bookie !== undefined) bookie.up = bookie.up ? false : bookie.cookie;
  }

  allUp(): void {
    for (const bookie of this.#bookies.values()) bookie.up = bookie.cookie || bookie.up;
  }

  /** Autorecovery: a fragment with a copy on a bookie that is down gets one elsewhere. */
  recover(): void {
    for (const copies of this.fragments.values()) {
      for (const ordinal of copies) if (!this.#bookies.get(ordinal)?.up) this.#move(copies, ordinal);
    }
  }

  /** @param crash called between effects; throws to end the run there */
  cluster(crash: () => void): BookieCluster {
    const around = async (effect: () => void) => {
      crash();
      effect();
      crash();
    };
    return {
      facts: async () => {
        crash();
        return this.facts();
      },
      setReadOnly: (ordinal, readOnly) =>
        around(() => {
          const bookie = this.#bookies.get(ordinal);
          if (bookie?.up) bookie.writable = !readOnly;
        }),
      drain: async ordinal => {
        for (const copies of this.fragments.values()) {
          crash();
          if (copies.has(ordinal)) this.#move(copies, ordinal);
        }
      },
      retireCookie: ordinal =>
        around(() => {
          const bookie = this.#bookies.get(ordinal);
          if (bookie !== undefined) bookie.cookie = false;
        }),
      scale: replicas =>
        around(() => {
          this.#replicas = replicas;
          for (const ordinal of this.#bookies.keys()) if (ordinal >= replicas) this.#remove(ordinal);
        }),
    };
  }

  facts(): BookieFacts {
    return {
      replicas: this.#replicas,
      bookies: [...this.#bookies.values()].map(({ ordinal, up, writable, cookie }) => ({
        ordinal,
        state: !up ? 'down' : writable ? 'writable' : 'readOnly',
        cookie,
        ledgers: [...this.fragments.values()].filter(copies => copies.has(ordinal)).length,
      })),
      underReplicated: [...this.fragments.values()].filter(
        copies => [...copies].filter(ordinal => this.#bookies.get(ordinal)?.up).length < this.writeQuorum,
      ).length,
    };
  }

  /** A copy is made elsewhere before the old one counts no more; where nobody can take it, it stays. */
  #move(copies: Set<number>, from: number): void {
    const able = [...this.#bookies.values()].filter(
      ({ ordinal, up, writable }) => up && writable && !copies.has(ordinal),
    );
    const readable = [...copies].some(ordinal => this.#bookies.get(ordinal)?.up);
    const [to] = this.#shuffled(able);
    if (to === undefined || !readable) return;
    copies.add(to.ordinal);
    copies.delete(from);
    this.#measure();
  }

  #remove(ordinal: number): void {
    this.#bookies.delete(ordinal);
    for (const copies of this.fragments.values()) copies.delete(ordinal);
    this.#measure();
  }

  #measure(): void {
    for (const copies of this.fragments.values())
      this.fewestCopies = Math.min(this.fewestCopies, copies.size);
  }

  #shuffled<T>(items: readonly T[]): T[] {
    return items
      .map(item => ({ item, order: this.#random() }))
      .sort((a, b) => a.order - b.order)
      .map(({ item }) => item);
  }
}
