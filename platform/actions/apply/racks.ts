import type { Kubernetes, Manifest, ObjectRef } from '../../edges/kubernetes.js';
import type { ClusterPlan } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { waitHealthy } from '../cluster/objects.js';
import type { StageObjects } from '../cluster/stages.js';

export interface RacksOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly report: Report;
}

/**
 * The stage of Pulsar, which ends by setting the racks of the bookies. Brokers wait for copies in two racks: until
 * racks are set no write ends, and the first topics would be refused until the CronJob comes round.
 */
export function withRacks(
  plan: ClusterPlan,
  cluster: Kubernetes,
  stages: readonly StageObjects[],
  options: RacksOptions,
): readonly StageObjects[] {
  const name = plan.workloads.find(it => it.name === 'racks')?.pods?.serviceAccount;
  if (name === undefined) return stages;
  return stages.map(stage => {
    const schedule = stage.groups.flat().find(it => it.kind === 'CronJob' && it.metadata?.name === name);
    return schedule === undefined ? stage : { ...stage, finish: () => setRacks(cluster, schedule, options) };
  });
}

/** Runs the job of a schedule now, as `kubectl create job --from` does: the schedule takes it away later. */
async function setRacks(
  cluster: Kubernetes,
  schedule: Manifest,
  { signal, timeoutMs, report }: RacksOptions,
): Promise<void> {
  const live = await cluster.read(schedule as Manifest & ObjectRef);
  const { name = '', namespace = '', uid } = live?.metadata ?? {};
  const { jobTemplate } = schedule['spec'] as { jobTemplate: { spec: Readonly<Record<string, unknown>> } };
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: `${name}-${Date.now()}`,
      namespace,
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name, uid, controller: true }],
    },
    spec: jobTemplate.spec,
  };
  await cluster.apply(job as unknown as Manifest, { force: true });
  await waitHealthy(cluster, [job], { signal, timeoutMs, report: { to: report, subject: 'racks' } });
  report.generate('racks', 'each bookie has the zone of its node');
}
