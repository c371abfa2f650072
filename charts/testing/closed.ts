import { type ClusterPlan, hopsOf } from '../../platform/plan/index.js';
import type { Policy } from '../network-policies/policies.js';
import { type Party, passes } from './network-policy.js';

/** Where what is on the internet answers. */
const ADDRESSES: Readonly<Record<string, string>> = {
  s3: '52.219.170.1',
  aws: '52.219.170.2',
  speech: '104.18.6.192',
  letsencrypt: '172.65.32.248',
  'sign-in': '93.184.216.35',
  traces: '93.184.216.36',
};

export function partyOf(plan: ClusterPlan, name: string): Party {
  const pods = plan.workloads.find(workload => workload.name === name)?.pods;
  if (pods !== undefined) return pods;
  // The API server, load balancers and operators are in the VPC.
  const [inVpc = ''] = plan.network.zones[0]?.privateCidr.split('/') ?? [];
  return { address: ADDRESSES[name] ?? inVpc.replace(/\d+$/, '7') };
}

/** Names of the workloads that run in the cluster. */
export function insideOf(plan: ClusterPlan): string[] {
  return plan.workloads.filter(({ pods }) => pods !== undefined).map(({ name }) => name);
}

/** `broker:6651` → who dials it: two protocols may share a port. */
function dialledBy(plan: ClusterPlan): ReadonlyMap<string, ReadonlySet<string>> {
  const listening = [
    ...plan.endpoints.map(({ workload, port, listens = port }) => ({
      key: `${workload}:${listens}`,
      diallers: [],
    })),
    ...hopsOf(plan).map(({ from, to, port }) => ({ key: `${to}:${port}`, diallers: [from] })),
    ...plan.plainListeners.map(({ workload, port, dialledBy: diallers = [] }) => ({
      key: `${workload}:${port}`,
      diallers,
    })),
  ];
  const allowed = new Map<string, Set<string>>();
  for (const { key, diallers } of listening) {
    allowed.set(key, new Set([...(allowed.get(key) ?? []), ...diallers]));
  }
  return allowed;
}

/** Dials of the plan that the policies stop: `web → broker:6651`. */
export function refusedDials(plan: ClusterPlan, policies: readonly Policy[]): string[] {
  const inside = insideOf(plan);
  return pairs(plan, policies, (workload, diallers) =>
    [...diallers].filter(from => inside.includes(from) || inside.includes(workload)),
  ).flatMap(({ text, passed }) => (passed ? [] : [text]));
}

/** Pairs of workloads that the policies let through although the plan has no such dial. */
export function openPairs(plan: ClusterPlan, policies: readonly Policy[]): string[] {
  const inside = insideOf(plan);
  return pairs(plan, policies, (workload, diallers) =>
    inside.includes(workload) ? inside.filter(from => !diallers.has(from)) : [],
  ).flatMap(({ text, passed }) => (passed ? [text] : []));
}

function pairs(
  plan: ClusterPlan,
  policies: readonly Policy[],
  asking: (workload: string, diallers: ReadonlySet<string>) => readonly string[],
) {
  return [...dialledBy(plan)].flatMap(([key, diallers]) => {
    const [workload = '', port = ''] = key.split(':');
    return asking(workload, diallers).map(from => ({
      text: `${from} → ${key}`,
      passed: passes(policies, partyOf(plan, from), partyOf(plan, workload), {
        protocol: 'TCP',
        port: Number(port),
      }),
    }));
  });
}
