import type { Health } from '../gates.js';
import type { PodFact, SetFact } from '../machine.js';
import type { RollingCluster } from '../run.js';

interface Pod {
  uid: number;
  revision: number;
  ready: boolean;
}

interface ModelSet {
  readonly component: string;
  revision: number;
  /** By ordinal; a hole is a pod that is not made again yet. */
  readonly pods: (Pod | undefined)[];
}

/** One deletion, and what was so at that moment. */
export interface Deletion {
  readonly component: string;
  readonly ordinal: number;
  readonly wasReady: boolean;
  readonly wasStale: boolean;
  /** Pods of all sets that were not ready before it. */
  readonly away: readonly string[];
  readonly underReplicated: number;
  readonly backlog: number;
  /** Components before it that had a pod of an old revision. */
  readonly staleBefore: readonly string[];
}

/** Pulsar's sets and the controllers of a cluster, as far as restarting concerns them. */
export class PulsarModel {
  readonly sets: readonly ModelSet[];
  readonly deletions: Deletion[] = [];
  underReplicated = 0;
  backlog = 0;
  #uid = 0;

  constructor(replicas: Readonly<Record<string, number>>) {
    this.sets = Object.entries(replicas).map(([component, count]) => ({
      component,
      revision: 1,
      pods: Array.from({ length: count }, () => this.#newPod(1, true)),
    }));
  }

  #newPod(revision: number, ready: boolean): Pod {
    this.#uid += 1;
    return { uid: this.#uid, revision, ready };
  }

  /** Somebody applies a set with another template. */
  change(component: string): void {
    for (const set of this.sets) if (set.component === component) set.revision += 1;
  }

  /** Controllers make what is missing, kubelets start what is there, autorecovery copies, consumers consume. */
  settle(): void {
    for (const { pods, revision } of this.sets) {
      pods.forEach((pod, ordinal) => {
        if (pod === undefined) pods[ordinal] = this.#newPod(revision, false);
        else pod.ready = true;
      });
    }
    this.underReplicated = 0;
    this.backlog = 0;
  }

  /** A pod stops answering, or a node takes it away. */
  fail(random: () => number): void {
    const set = this.sets[Math.floor(random() * this.sets.length)];
    const ordinal = Math.floor(random() * (set?.pods.length ?? 0));
    const pod = set?.pods[ordinal];
    if (set === undefined || pod === undefined) return;
    if (random() < 0.5) pod.ready = false;
    else set.pods[ordinal] = undefined;
    if (set.component === 'bookie') this.underReplicated = 3;
    if (random() < 0.3) this.backlog = 5_000;
  }

  #ready(component: string): number {
    return this.sets.find(set => set.component === component)?.pods.filter(pod => pod?.ready).length ?? 0;
  }

  #count(component: string): number {
    return this.sets.find(set => set.component === component)?.pods.length ?? 0;
  }

  health(): Health {
    return {
      metadata: { members: this.#count('zookeeper'), serving: this.#ready('zookeeper') },
      bookies: {
        replicas: this.#count('bookie'),
        writable: this.#ready('bookie'),
        underReplicated: this.underReplicated,
      },
      backlog: this.backlog,
    };
  }

  /** @param moment called around each effect and each look; throws to end the run there */
  cluster(moment: () => void): RollingCluster {
    return {
      sets: async () => {
        moment();
        return this.sets.map(set => factOf(set));
      },
      // What is seen holds until the next look: whatever happens between the two could not be known.
      health: async () => this.health(),
      restart: async ({ uid }) => {
        this.#delete(Number(uid));
        moment();
      },
    };
  }

  #delete(uid: number): void {
    for (const set of this.sets) {
      const ordinal = set.pods.findIndex(pod => pod?.uid === uid);
      const pod = set.pods[ordinal];
      if (pod === undefined) continue;
      const before = this.sets.slice(0, this.sets.indexOf(set));
      this.deletions.push({
        component: set.component,
        ordinal,
        wasReady: pod.ready,
        wasStale: pod.revision !== set.revision,
        away: this.sets.flatMap(it =>
          it.pods.flatMap((one, at) => (one?.ready ? [] : [`${it.component}-${at}`])),
        ),
        underReplicated: this.underReplicated,
        backlog: this.backlog,
        staleBefore: before
          .filter(it => it.pods.some(one => one?.revision !== it.revision))
          .map(it => it.component),
      });
      set.pods[ordinal] = undefined;
      if (set.component === 'bookie') this.underReplicated = 2;
    }
  }
}

function factOf({ component, revision, pods }: ModelSet): SetFact {
  return {
    component,
    replicas: pods.length,
    seen: true,
    onDelete: true,
    pods: pods.flatMap((pod, ordinal): PodFact[] =>
      pod === undefined
        ? []
        : [
            {
              name: `${component}-${ordinal}`,
              ordinal,
              uid: String(pod.uid),
              current: pod.revision === revision,
              ready: pod.ready,
              leaving: false,
            },
          ],
    ),
  };
}
