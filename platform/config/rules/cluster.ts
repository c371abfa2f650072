import type { Config } from '../complete.js';
import { allocatable, instanceShape, LARGEST_OF_KARPENTER } from '../facts/instances.js';
import { EKS_VERSIONS } from '../facts/kubernetes.js';
import { spread } from '../spread.js';
import type { Problem, Rule } from './rule.js';

const EKS_CALENDAR = 'https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html';
/** A warning before the price of the control plane becomes six-fold. */
const NOTICE_DAYS = 60;

export const kubernetesIsSupported: Rule = ({ cluster }, today) => {
  const saw = cluster.kubernetesVersion;
  const path = ['cluster', 'kubernetesVersion'];
  const offered = EKS_VERSIONS.filter(
    ({ extendedUntil }) => today === undefined || extendedUntil === undefined || today < extendedUntil,
  );
  const chosen = offered.find(({ version }) => version === saw);
  if (chosen === undefined) {
    return [
      {
        code: 'KubernetesNotOffered',
        path,
        message: `EKS does not offer Kubernetes ${saw}, or this kit was not tried with it`,
        saw,
        want: `one of ${offered.map(({ version }) => version).join(', ')}`,
        source: EKS_CALENDAR,
      },
    ];
  }
  const { standardUntil } = chosen;
  if (today === undefined || standardUntil === undefined || daysBetween(today, standardUntil) > NOTICE_DAYS)
    return [];
  const passed = today >= standardUntil;
  return [
    {
      code: 'KubernetesExtendedSupport',
      severity: 'warning',
      path,
      message: passed
        ? `Kubernetes ${saw} is in extended support since ${standardUntil}: the control plane costs $0.60 an hour instead of $0.10`
        : `Kubernetes ${saw} enters extended support on ${standardUntil}, at $0.60 an hour instead of $0.10`,
      saw,
      want: 'a newer version',
      source: EKS_CALENDAR,
    },
  ];
};

/** An admin who is not named at the beginning can be named only by an admin, or by whoever may change access entries. */
export const somebodyGetsIn: Rule = ({ cluster: { admins, creatorAdmin } }) =>
  creatorAdmin || admins.length > 0
    ? []
    : [
        {
          code: 'ClusterWithoutAdmin',
          path: ['cluster', 'admins'],
          message: 'nobody may administer the cluster, not even to install what comes after it',
          saw: 'no admin, and creatorAdmin: false',
          want: 'at least the one who applies',
          source: 'https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html',
        },
      ];

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

interface UsedType {
  readonly path: Problem['path'];
  readonly type: string;
}

function usedTypes({ nodes }: Config): UsedType[] {
  const { stateful, stateless, edge } = nodes;
  return [
    { path: ['nodes', 'stateful', 'instanceType'], type: stateful.instanceType },
    stateless.kind === 'managed'
      ? { path: ['nodes', 'stateless', 'instanceType'], type: stateless.instanceType }
      : { path: ['nodes', 'stateless', 'systemInstanceType'], type: stateless.systemInstanceType },
    { path: ['nodes', 'edge', 'instanceType'], type: edge.instanceType },
  ];
}

export const instanceTypesFit: Rule = config =>
  usedTypes(config).flatMap(({ path, type }): Problem[] => {
    const shape = instanceShape(type);
    if (shape === undefined) {
      return [
        {
          code: 'InstanceTypeUnknown',
          path,
          message: `the kit does not know what instance type ${type} offers`,
          saw: type,
          want: 'a type of the families t, m, c, r, i, im, is or x, such as m7g.large',
        },
      ];
    }
    if (shape.architecture === config.nodes.architecture) return [];
    return [
      {
        code: 'InstanceArchitecture',
        path,
        message: `${type} is ${shape.architecture}, but nodes.architecture is ${config.nodes.architecture}`,
        saw: type,
        want: `a type for ${config.nodes.architecture}`,
        fix:
          config.nodes.architecture === 'arm64'
            ? 'choose a Graviton type, such as m7g.large, or set nodes.architecture: x86_64'
            : 'choose an Intel or AMD type, such as m7i.large, or set nodes.architecture: arm64',
      },
    ];
  });

export const nodeBoundsAreOrdered: Rule = ({ nodes: { stateless } }) =>
  stateless.kind === 'managed' && stateless.min > stateless.max
    ? [
        {
          code: 'BoundsReversed',
          path: ['nodes', 'stateless', 'min'],
          message: 'fewer nodes are allowed than must be there',
          saw: stateless.min,
          want: `<= ${stateless.max}, the value of max`,
        },
      ]
    : [];

/** Bookies and metadata are bound to nodes by disk and by anti-affinity: one of each kind on a node. */
export const statefulTierHoldsItsPods: Rule = ({ nodes, pulsar }) => {
  const shape = instanceShape(nodes.stateful.instanceType);
  if (shape === undefined) return [];
  const { bookies, metadata } = pulsar;
  const problems: Problem[] = [];
  for (const [key, replicas] of [
    ['bookies', bookies.replicas],
    ['metadata', metadata.replicas],
  ] as const) {
    const most = Math.max(...spread(replicas, nodes.stateful.zones.length));
    if (most > nodes.stateful.perZone) {
      problems.push({
        code: 'StatefulTierTooSmall',
        path: ['nodes', 'stateful', 'perZone'],
        message: `${replicas} ${key} in ${nodes.stateful.zones.length} zones need ${most} nodes in a zone, since no two share a node`,
        saw: nodes.stateful.perZone,
        want: `>= ${most}`,
      });
    }
  }
  const room = allocatable(shape);
  const needed = { cpu: bookies.cpu + metadata.cpu, memoryMiB: bookies.memoryMiB + metadata.memoryMiB };
  if (needed.cpu > room.cpu || needed.memoryMiB > room.memoryMiB) {
    problems.push({
      code: 'StatefulNodeTooSmall',
      path: ['nodes', 'stateful', 'instanceType'],
      message: `a bookie and a metadata pod together ask for ${needed.cpu} CPUs and ${needed.memoryMiB} MiB, more than ${nodes.stateful.instanceType} has left for pods`,
      saw: `${room.cpu.toFixed(2)} CPUs and ${room.memoryMiB} MiB`,
      want: 'a larger instance type, or smaller pods',
    });
  }
  return problems;
};

/** Every pod without a node of its own kind must fit on one of those that there can be. */
export const statelessNodesHoldTheirPods: Rule = ({
  nodes: { stateless },
  pulsar,
  services,
  web,
  observability,
}) => {
  const type = stateless.kind === 'managed' ? stateless.instanceType : undefined;
  const shape = type === undefined ? LARGEST_OF_KARPENTER : instanceShape(type);
  if (shape === undefined) return [];
  const room = allocatable(shape);
  const { transcriber, images, thread } = services;
  const pods: Readonly<Record<string, Asked>> = {
    'pulsar.brokers': pulsar.brokers,
    'pulsar.proxies': pulsar.proxies,
    'pulsar.recovery': pulsar.recovery,
    'services.transcriber': transcriber,
    'services.images': images,
    'services.thread': thread,
    ...(web.runOn === 'eks' && { web }),
    ...(observability.kind !== 'none' && { observability }),
  };
  return Object.entries(pods)
    .filter(([, { cpu, memoryMiB }]) => cpu > room.cpu || memoryMiB > room.memoryMiB)
    .map(([path, { cpu, memoryMiB }]) => ({
      code: 'PodLargerThanNode',
      path: path.split('.'),
      message: `a pod of ${path} asks for more than ${type === undefined ? 'the largest node that Karpenter may make' : `a whole ${type}`} has left for pods`,
      saw: `${cpu} CPUs, ${memoryMiB} MiB`,
      want: `<= ${room.cpu.toFixed(2)} CPUs, ${room.memoryMiB} MiB`,
    }));
};

interface Asked {
  readonly cpu: number;
  readonly memoryMiB: number;
}
