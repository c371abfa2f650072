import { type ClusterPlan, hopsOf, type Pods, type Workload } from '../../platform/plan/index.js';

/** Who may reach, or be reached by, the pods of a workload: other pods, or addresses. */
export type Peer =
  | {
      readonly namespaceSelector: { readonly matchLabels: Labels };
      readonly podSelector: { readonly matchLabels: Labels };
    }
  | { readonly ipBlock: { readonly cidr: string; readonly except?: readonly string[] } };

type Labels = Readonly<Record<string, string>>;

export interface PolicyPort {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

export interface PolicySpec {
  readonly podSelector: { readonly matchLabels?: Labels };
  readonly policyTypes: readonly ('Ingress' | 'Egress')[];
  readonly ingress?: readonly { readonly from: readonly Peer[]; readonly ports: readonly PolicyPort[] }[];
  readonly egress?: readonly { readonly to: readonly Peer[]; readonly ports: readonly PolicyPort[] }[];
}

export interface Policy {
  readonly name: string;
  readonly namespace: string;
  readonly spec: PolicySpec;
}

/** Label that Kubernetes itself gives every namespace. */
const NAMESPACE_LABEL = 'kubernetes.io/metadata.name';

/** Where the agent of EKS Pod Identity answers on every node. */
const POD_IDENTITY = '169.254.170.23/32';

/** Networks that EKS gives to Services, when the VPC is not in them. */
const SERVICE_CIDRS = ['172.20.0.0/16', '10.100.0.0/16'];

/** Addresses that are no one's on the internet: an allowed way out must not be a way into these. */
const INSIDE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'];

/**
 * One policy for each workload, with one rule for each of its dials, and a default that denies the rest in every
 * namespace. Probes need no rule: what a node sends to its own pods can't be denied. Pure.
 */
export function policiesOf(plan: ClusterPlan, namespaces: readonly string[]): Policy[] {
  const denials = namespaces.map(
    (namespace): Policy => ({
      name: 'default-deny',
      namespace,
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    }),
  );
  const allowances = plan.workloads.flatMap(workload =>
    workload.pods === undefined ? [] : [policyOf(plan, workload, workload.pods)],
  );
  return [...denials, ...allowances];
}

function policyOf(plan: ClusterPlan, { name }: Workload, pods: Pods): Policy {
  const ingress = ingressOf(plan, name);
  return {
    name,
    namespace: pods.namespace,
    spec: {
      podSelector: { matchLabels: pods.labels },
      policyTypes: ['Ingress', 'Egress'],
      ...(ingress.length > 0 && { ingress }),
      egress: egressOf(plan, name),
    },
  };
}

function ingressOf(plan: ClusterPlan, name: string) {
  const dialled = hopsOf(plan)
    .filter(({ to }) => to === name)
    .map(({ from, port }) => ({ from: diallerPeers(plan, from, name, port), ports: [tcp(port)] }));
  const plain = plan.plainListeners
    .filter(({ workload }) => workload === name)
    .flatMap(({ port, dialledBy = [] }) =>
      dialledBy.map(from => ({ from: diallerPeers(plan, from, name, port), ports: [tcp(port)] })),
    );
  return merged([...dialled, ...plain], rule => rule.from).filter(({ from }) => from.length > 0);
}

function egressOf(plan: ClusterPlan, name: string) {
  const dials = hopsOf(plan)
    .filter(({ from }) => from === name)
    .map(({ to, port }) => ({ to: dialledPeers(plan, to), ports: portsOf(to, port) }));
  const plain = plan.plainListeners
    .filter(({ dialledBy = [] }) => dialledBy.includes(name))
    .flatMap(({ workload, port }) => {
      const pods = podsOf(plan, workload);
      return pods === undefined ? [] : [{ to: [podPeer(pods)], ports: [tcp(port)] }];
    });
  const identity = plan.access.some(({ workload, pod }) => workload === name && pod !== undefined)
    ? [{ to: [{ ipBlock: { cidr: POD_IDENTITY } }], ports: [tcp(80)] }]
    : [];
  return merged([DNS, ...dials, ...plain, ...identity], rule => rule.to);
}

/**
 * Whoever dials, dials a name. A lone ZooKeeper dials nobody, and looks its own name up when it starts: without an answer
 * it waits 10 s for it.
 */
const DNS: { to: Peer[]; ports: PolicyPort[] } = {
  to: [
    {
      namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};

/** Pods of a workload; else the addresses from which it comes. */
function diallerPeers(plan: ClusterPlan, from: string, to: string, port: number): Peer[] {
  const pods = podsOf(plan, from);
  if (pods !== undefined) return [podPeer(pods)];
  // The API server and the load balancers have addresses of the VPC; an NLB shows those of its clients as well.
  const vpc = [plan.network.cidr];
  const allowed =
    plan.entrances.find(it => it.workload === to && it.kind !== 'alb' && it.port === port)?.allow ?? [];
  const balanced = ['kubernetes', 'alb'].includes(from) ? vpc : [...vpc, ...allowed];
  return [...new Set(balanced)].sort().map(cidr => ({ ipBlock: { cidr } }));
}

function dialledPeers(plan: ClusterPlan, workload: string): Peer[] {
  const pods = podsOf(plan, workload);
  if (pods !== undefined) return [podPeer(pods)];
  if (workload === 'kubernetes') {
    // Its Service, and the addresses in the VPC that the Service stands for.
    return [plan.network.cidr, ...SERVICE_CIDRS].map(cidr => ({ ipBlock: { cidr } }));
  }
  if (['postgres', 'web', 'kubelet'].includes(workload)) return [{ ipBlock: { cidr: plan.network.cidr } }];
  // AWS may answer from an interface endpoint in the VPC; what is yours may be there altogether.
  const inside: Peer[] = ['aws', 's3', 'sign-in', 'traces'].includes(workload)
    ? [{ ipBlock: { cidr: plan.network.cidr } }]
    : [];
  return [...inside, { ipBlock: { cidr: '0.0.0.0/0', except: INSIDE } }];
}

function podsOf(plan: ClusterPlan, name: string): Pods | undefined {
  return plan.workloads.find(workload => workload.name === name)?.pods;
}

function podPeer({ namespace, labels }: Pods): Peer {
  return {
    namespaceSelector: { matchLabels: { [NAMESPACE_LABEL]: namespace } },
    podSelector: { matchLabels: labels },
  };
}

/** Policies see the port behind the Service of the API server: 443 on EKS, 6443 where kubeadm or kind has made it. */
function portsOf(to: string, port: number): PolicyPort[] {
  return to === 'kubernetes' ? [tcp(port), tcp(6443)] : [tcp(port)];
}

function tcp(port: number): PolicyPort {
  return { protocol: 'TCP', port };
}

/** Rules with the same peers become one; the same port is named once. */
function merged<T extends { readonly ports: readonly PolicyPort[] }>(
  rules: readonly T[],
  peersOf: (rule: T) => readonly Peer[],
): T[] {
  const byPeers = new Map<string, T>();
  for (const rule of rules) {
    const key = JSON.stringify(peersOf(rule));
    const before = byPeers.get(key)?.ports ?? [];
    const added = rule.ports.filter(
      ({ port, protocol }) => !before.some(it => it.port === port && it.protocol === protocol),
    );
    byPeers.set(key, { ...rule, ports: [...before, ...added] });
  }
  return [...byPeers.values()];
}
