/** A pod of a StatefulSet. */
export interface PodFact {
  readonly name: string;
  readonly ordinal: number;
  /** Tells it from the one that takes its name after it. */
  readonly uid: string;
  /** Whether it runs what the set says now. */
  readonly current: boolean;
  readonly ready: boolean;
  /** It is being deleted already. */
  readonly leaving: boolean;
  /** Of the metadata store: it is restarted last, so that leadership moves once. */
  readonly leads?: boolean;
}

export interface SetFact {
  /** `zookeeper`, `bookie`, … */
  readonly component: string;
  readonly replicas: number;
  /** Whether its controller has seen the set as it is now. */
  readonly seen: boolean;
  /** Whether a pod is replaced only when it is deleted. Else Kubernetes restarts by itself, and we only wait. */
  readonly onDelete: boolean;
  readonly pods: readonly PodFact[];
}

export type RestartStep =
  /** @param mends it serves nobody as it is: replacing it takes nothing away, and no gate is asked */
  | { readonly kind: 'restart'; readonly component: string; readonly pod: PodFact; readonly mends: boolean }
  | { readonly kind: 'wait'; readonly component: string; readonly why: string }
  | { readonly kind: 'done' };

/**
 * The next pod to restart, or what is waited for. It follows from what runs: a run that was killed anywhere goes on by
 * asking again, and a later set is not touched before every pod of the earlier ones is current and ready. Pure.
 */
export function nextRestart(sets: readonly SetFact[]): RestartStep {
  for (const set of sets) {
    const step = stepOf(set);
    if (step !== undefined) return step;
  }
  return { kind: 'done' };
}

function stepOf({ component, replicas, seen, onDelete, pods }: SetFact): RestartStep | undefined {
  const wait = (why: string): RestartStep => ({ kind: 'wait', component, why });
  if (!seen) return wait('its controller has not seen the change');
  const leaving = pods.find(pod => pod.leaving);
  if (leaving !== undefined) return wait(`${leaving.name} ends`);
  if (pods.length < replicas) return wait(`${pods.length} of ${replicas} pods are there`);
  const starting = pods.find(({ current, ready }) => current && !ready);
  if (starting !== undefined) return wait(`${starting.name} is not ready`);
  const stale = pods.filter(({ current }) => !current);
  if (stale.length === 0) return undefined;
  if (!onDelete) return wait(`${stale.length} pods are still to be replaced`);
  const broken = stale.find(({ ready }) => !ready);
  if (broken !== undefined) return { kind: 'restart', component, pod: broken, mends: true };
  const [pod] = stale.toSorted(
    (a, b) => Number(a.leads ?? false) - Number(b.leads ?? false) || b.ordinal - a.ordinal,
  );
  return pod && { kind: 'restart', component, pod, mends: false };
}
