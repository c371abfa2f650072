import { configRules } from './config-rules.js';

/** Pages of the rules in platform/config/rules/cluster.ts. */
export const NODE_PAGES = configRules([
  {
    code: 'KubernetesNotOffered',
    group: 'config',
    severity: 'error',
    happens: 'The cluster is refused, or upgraded by AWS on a day that AWS chooses.',
    why: 'EKS offers each version for 26 months.',
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html',
    examples: {
      bad: { config: 'cluster: {kubernetesVersion: "1.29"}' },
      good: { config: 'cluster: {kubernetesVersion: "1.36"}' },
    },
  },
  {
    code: 'KubernetesExtendedSupport',
    group: 'config',
    severity: 'warning',
    happens: 'The control plane costs six times as much, from one day to the next.',
    why: 'After 14 months of standard support a version costs $0.60 an hour instead of $0.10.',
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html',
    examples: {
      bad: { config: 'cluster: {kubernetesVersion: "1.33"}' },
      good: { config: 'cluster: {kubernetesVersion: "1.36"}' },
    },
  },
  {
    code: 'ClusterWithoutAdmin',
    group: 'config',
    severity: 'error',
    happens: 'The cluster is made, and its API server answers "Unauthorized" to everybody, the kit too.',
    why: 'EKS lets in whoever made the cluster, unless told not to, and whoever has an access entry.',
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html',
    examples: {
      bad: { config: 'cluster: {creatorAdmin: false}' },
      good: {
        config: 'cluster: {creatorAdmin: false, admins: ["arn:aws:iam::123456789012:role/Admin"]}',
      },
    },
  },
  {
    code: 'InstanceTypeUnknown',
    group: 'config',
    severity: 'error',
    happens: 'Pods are placed on nodes that nobody compared with them, and stay pending or are killed.',
    why: 'CPUs, memory and architecture of a type are needed to check what fits on it.',
    source: 'https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html',
    examples: {
      bad: { config: 'nodes: {stateful: {instanceType: p4d.24xlarge}}' },
      good: { config: 'nodes: {stateful: {instanceType: r7g.xlarge}}' },
    },
  },
  {
    code: 'InstanceArchitecture',
    group: 'config',
    severity: 'error',
    happens: 'Every pod on these nodes ends with "exec format error".',
    why: 'An image runs on the architecture that it was built for.',
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html',
    examples: {
      bad: { config: 'nodes: {edge: {instanceType: t3.medium}}' },
      good: { config: 'nodes: {architecture: x86_64, edge: {instanceType: t3.medium}}' },
    },
  },
  {
    code: 'BoundsReversed',
    group: 'config',
    severity: 'error',
    happens: 'The group or the scaler is refused, or never scales.',
    why: 'A lower bound above the upper one cannot be met.',
    source: 'https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/',
    examples: {
      bad: { config: 'services: {images: {scaling: {min: 7}}}' },
      good: { config: 'services: {images: {scaling: {min: 6}}}' },
    },
  },
  {
    code: 'StatefulTierTooSmall',
    group: 'config',
    severity: 'error',
    happens: 'The last bookie or ZooKeeper stays pending: each node has one of its kind already.',
    why: 'No two of a kind share a node, so that a node takes one copy with it and not two.',
    source: 'https://github.com/streamnative/charts/issues/115',
    examples: {
      bad: { config: 'nodes: {stateful: {perZone: 1}}' },
      good: { config: 'nodes: {stateful: {perZone: 3}}' },
    },
  },
  {
    code: 'StatefulNodeTooSmall',
    group: 'config',
    severity: 'error',
    happens: 'Pods with disks stay pending for want of memory, on nodes that look empty.',
    why: 'kubelet, the system and the agents of every node take their share first.',
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html',
    examples: {
      bad: { config: 'nodes: {stateful: {instanceType: t4g.medium}}' },
      good: { config: 'nodes: {stateful: {instanceType: m7g.xlarge}}' },
    },
  },
  {
    code: 'PodLargerThanNode',
    group: 'config',
    severity: 'error',
    happens: 'The pod stays pending for ever; the group adds nodes that cannot take it either.',
    why: 'A pod must fit on one node, in what the node has left.',
    source: 'https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html',
    examples: {
      bad: { config: 'nodes: {stateless: {kind: managed}}\npulsar: {brokers: {memoryMiB: 8192}}' },
      good: {
        config:
          'nodes: {stateless: {kind: managed, instanceType: m7g.xlarge}}\npulsar: {brokers: {memoryMiB: 8192}}',
      },
    },
  },
]);
