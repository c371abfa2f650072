import type { Chart } from 'cdk8s';
import { KARPENTER_INSTANCES } from '../../platform/config/index.js';
import {
  type ClusterPlan,
  NAMESPACES,
  PLATFORM_TAG,
  PREEMPTIBLE_TAINT,
  ROOT_DISK_GIB,
  TIER_LABEL,
} from '../../platform/plan/index.js';
import type { Component } from '../component.js';
import type { HelmRelease } from '../helm/release.js';
import { EC2NodeClass, NodePool } from './objects.js';

/** Makes the nodes of what has no disk of its own, and removes them; not there with a managed node group. */
export const karpenter: Component = {
  name: 'karpenter',
  stage: 'operators',
  objects: (chart, { plan }) => {
    if (plan.config.nodes.stateless.kind === 'karpenter') nodes(chart, plan);
  },
  releases: ({ plan }) => (plan.config.nodes.stateless.kind === 'karpenter' ? [release(plan)] : []),
};

function release({ names, config }: ClusterPlan): HelmRelease {
  return {
    name: 'karpenter',
    namespace: NAMESPACES.karpenter,
    stage: 'operators',
    chart: 'karpenter',
    version: '1.14.1',
    appVersion: '1.14.1',
    repository: 'oci://public.ecr.aws/karpenter',
    images: [
      'public.ecr.aws/karpenter/controller:1.14.1@sha256:445baefaaa689029cc12ac1f659b916b0b82fb14308ce536f8521fcf079116fa',
    ],
    values: {
      serviceAccount: { create: true, name: 'karpenter' },
      // Two of them never share a node; it can't run on nodes of its own making.
      replicas: config.pulsar.survives === 'nothing' ? 1 : 2,
      nodeSelector: { [TIER_LABEL]: 'system' },
      settings: { clusterName: names.cluster, interruptionQueue: names.karpenterQueue },
      controller: {
        metrics: { port: 8080 },
        resources: { requests: { cpu: '250m', memory: '512Mi' }, limits: { memory: '1Gi' } },
      },
    },
  };
}

const NODE_CLASS = 'platform';

/** Instances of the newest generations: of older ones the same money buys less. */
const SUITABLE = [
  { key: 'karpenter.k8s.aws/instance-category', operator: 'In', values: [...KARPENTER_INSTANCES.families] },
  { key: 'karpenter.k8s.aws/instance-generation', operator: 'Gt', values: ['5'] },
  { key: 'karpenter.k8s.aws/instance-cpu', operator: 'In', values: KARPENTER_INSTANCES.cpus.map(String) },
  { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
] as const;

function nodes(chart: Chart, plan: ClusterPlan): void {
  const { config, names } = plan;
  const { stateless, architecture } = config.nodes;
  if (stateless.kind !== 'karpenter') return;
  new EC2NodeClass(chart, 'node-class', {
    name: NODE_CLASS,
    // A new image makes nodes drift, and they are replaced within the budgets; as managed groups it follows EKS.
    imageAlias: 'al2023@latest',
    instanceProfile: names.karpenterProfile,
    subnetTags: { 'karpenter.sh/discovery': names.discovery },
    // The tag that EKS itself gives to the security group of the cluster, and to no other.
    securityGroupTags: { 'aws:eks:cluster-name': names.cluster },
    rootDiskGiB: ROOT_DISK_GIB,
    tags: { [PLATFORM_TAG]: names.prefix, Name: `${names.prefix}-stateless` },
  });
  const zones = plan.network.zones.map(({ name }) => name);
  const pool = (name: string, capacity: 'on-demand' | 'spot', maxCpu: number) =>
    new NodePool(chart, name, {
      name,
      nodeClass: NODE_CLASS,
      labels: { [TIER_LABEL]: 'stateless' },
      taints: capacity === 'spot' ? [{ ...PREEMPTIBLE_TAINT, effect: 'NoSchedule' }] : [],
      requirements: [
        ...SUITABLE,
        {
          key: 'kubernetes.io/arch',
          operator: 'In',
          values: [architecture === 'arm64' ? 'arm64' : 'amd64'],
        },
        { key: 'topology.kubernetes.io/zone', operator: 'In', values: zones },
        { key: 'karpenter.sh/capacity-type', operator: 'In', values: [capacity] },
      ],
      maxCpu,
      // Whoever may run on Spot finds it first, and falls back on the other pool.
      weight: capacity === 'spot' ? 20 : 10,
      expireAfter: '336h',
      terminationGracePeriod: '2h',
      consolidateAfter: '5m',
      budgets: [
        // Brokers and proxies have budgets of their own; one node at a time keeps their restarts apart as well.
        { nodes: '1', reasons: ['Underutilized', 'Drifted'] },
        { nodes: '50%', reasons: ['Empty'] },
      ],
    });
  // The limit of the config holds for both together.
  const spotCpu = stateless.spot ? Math.floor(stateless.maxCpu / 2) : 0;
  pool('stateless', 'on-demand', stateless.maxCpu - spotCpu);
  if (stateless.spot) pool('stateless-spot', 'spot', spotCpu);
}
