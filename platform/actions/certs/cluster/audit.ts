import {
  type AuditRow,
  type AuditSubject,
  judge,
  newForeigner,
  notAsked,
  observe,
  type ProbeOptions,
} from '../../../../certs/index.js';
import type { Config } from '../../../config/index.js';
import type { KubernetesOptions } from '../../../edges/kubernetes.js';
import { type ClusterPlan, type Endpoint, makePlan } from '../../../plan/index.js';
import type { Report } from '../../../report.js';
import { connectCluster } from '../../cluster/connect.js';
import { type Identities, identitiesIn } from '../../cluster/identities.js';
import { isEntrance, listenersIn } from '../../cluster/listeners.js';
import { forwarding, type Reach } from '../../cluster/reach.js';

export interface ClusterAuditOptions extends KubernetesOptions, ProbeOptions {
  readonly config: Config;
  readonly report: Report;
  readonly signal: AbortSignal;
  /** How a port of a pod is dialled. @default - kubectl port-forward */
  readonly reach?: Reach;
}

/** Through the API server each byte takes two ways more. */
const TIMEOUT_MS = 15_000;

/**
 * Asks every pod behind every endpoint of the dial graph what it serves now and what it refuses, dialled as each of its
 * diallers with what that dialler has mounted. What can't be asked from here is a row that says why.
 */
export async function auditCluster(options: ClusterAuditOptions): Promise<AuditRow[]> {
  const { config, report, signal, timeoutMs = TIMEOUT_MS } = options;
  const plan = makePlan(config, { target: 'cluster' });
  const cluster = connectCluster(plan, options);
  const identities = identitiesIn(plan, cluster);
  const reach = options.reach ?? forwarding(cluster, options);
  const [foreigner, asked] = await Promise.all([
    newForeigner(),
    subjectsOf(plan, identities, listenersIn(plan, cluster, reach)),
  ]);
  const places = asked.filter(isSubject);
  report.action('audit', `${places.length} listeners of ${plan.endpoints.length} endpoints`);
  let done = 0;
  return Promise.all(
    asked.map(async one => {
      if (!isSubject(one)) return one;
      const observation = await observe(one, foreigner, { timeoutMs, signal });
      const issued = await identities.issued(one.endpoint.workload);
      done += 1;
      report.progress('audit', `${done} of ${places.length}`);
      return judge(observation, { at: new Date(), ...(issued !== undefined && { issued }) });
    }),
  );
}

function isSubject(one: AuditSubject | AuditRow): one is AuditSubject {
  return 'way' in one;
}

async function subjectsOf(
  plan: ClusterPlan,
  identities: Identities,
  listenersOf: ReturnType<typeof listenersIn>,
): Promise<(AuditSubject | AuditRow)[]> {
  const subjects = plan.endpoints.map(async endpoint => {
    const found = await listenersOf(endpoint);
    if (found.kind === 'notFromHere') return [notAsked(endpoint, found.why)];
    // An endpoint whose workload has no pod serves nobody.
    if (found.kind === 'missing') return [silent(endpoint, found.why)];
    const dialling = new Set(plan.dials.filter(({ to }) => to === endpoint.id).map(({ from }) => from));
    // By its public name it is dialled as a browser does: with the roots of the world, and no certificate.
    const identityOf = (workload: string) => (isEntrance(endpoint, plan) ? {} : identities.of(workload));
    const diallers = await Promise.all(
      [...dialling].map(async workload => ({ workload, identity: await identityOf(workload) })),
    );
    return found.listeners.map(
      ({ name, way, pod }): AuditSubject => ({
        ...{ endpoint, diallers, name, way },
        ...(pod !== undefined && { pod }),
      }),
    );
  });
  return (await Promise.all(subjects)).flat();
}

function silent(endpoint: Endpoint, silence: string): AuditRow {
  return judge({ endpoint, diallers: [], negatives: [], silence }, { at: new Date() });
}
