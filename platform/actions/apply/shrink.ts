import type { Kubernetes, Manifest } from '../../edges/kubernetes.js';
import { PlatformError } from '../../errors.js';
import { componentOf } from '../cluster/artifacts.js';
import { refOf } from '../cluster/inventory.js';
import type { StageObjects } from '../cluster/stages.js';

/** Sets that hold the only copies of something: a pod that goes takes its part along. */
const HOLDING: Readonly<Record<string, (to: number) => string>> = {
  bookie: to => `platform scale bookies ${to}, which empties each before it leaves; then apply`,
  zookeeper: () => 'keep pulsar.metadata.replicas: an ensemble is made smaller by hand, member by member',
  oxia: () => 'keep pulsar.metadata.replicas',
};

/** @throws ReplicasShrink when a set of the stage would lose pods that hold data */
export async function refuseShrinking(cluster: Kubernetes, { name, groups }: StageObjects): Promise<void> {
  for (const object of groups.flat()) {
    const component = componentOf(object) ?? '';
    const fix = HOLDING[component];
    const wanted = replicasOf(object);
    if (fix === undefined || wanted === undefined) continue;
    const live = replicasOf((await cluster.read(refOf(object))) ?? object) ?? wanted;
    if (live <= wanted) continue;
    throw new PlatformError(
      'ReplicasShrink',
      `stage ${name} would take ${live - wanted} of ${live} ${component}s away at once`,
      {
        where: `StatefulSet ${object.metadata?.namespace}/${object.metadata?.name}`,
        saw: String(live),
        want: `${wanted}, one after the other`,
        fix: fix(wanted),
      },
    );
  }
}

function replicasOf({ spec }: Manifest): number | undefined {
  return (spec as { readonly replicas?: number } | undefined)?.replicas;
}
