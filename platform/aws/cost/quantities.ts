import { allocatable, EKS_VERSIONS, instanceShape } from '../../config/index.js';
import { type ClusterPlan, perTier, ROOT_DISK_GIB, type Size } from '../../plan/index.js';
import { alarmMetrics } from '../watch/alarm-metrics.js';
import type { PriceId } from './prices.js';
import { HOURS_PER_MONTH, type Usage } from './usage.js';

export const GROUPS = ['cluster', 'nodes', 'disks', 'network', 'security', 'data', 'operations'] as const;

export type Group = (typeof GROUPS)[number];

/** How much of something is used in a month, and what it is priced as. */
export interface Quantity {
  readonly item: string;
  /** How the quantity comes about: `6 × m7g.large`. */
  readonly note?: string;
  readonly group: Group;
  readonly quantity: number;
  /** An entry of the price list, or the type of an instance. */
  readonly priced: PriceId | { readonly instance: string; readonly percent?: number };
}

/**
 * Everything that the plan has on the bill.
 *
 * @param today `2026-11-21`, since Kubernetes versions become dearer with age
 */
export function quantitiesOf(plan: ClusterPlan, usage: Usage, today: string): Quantity[] {
  return [
    ...cluster(plan, today),
    ...nodes(plan, usage),
    ...disks(plan),
    ...network(plan, usage),
    ...security(plan, usage),
    ...data(usage),
    ...fargate(plan),
    ...operations(plan, usage),
  ].filter(({ quantity }) => quantity > 0);
}

function of(
  group: Group,
  item: string,
  priced: Quantity['priced'],
  quantity: number,
  note?: string,
): Quantity {
  return { group, item, priced, quantity, ...(note !== undefined && { note }) };
}

function cluster({ config }: ClusterPlan, today: string): Quantity[] {
  const { kubernetesVersion } = config.cluster;
  const { standardUntil } = EKS_VERSIONS.find(({ version }) => version === kubernetesVersion) ?? {};
  const extended = standardUntil !== undefined && standardUntil <= today;
  return [
    of(
      'cluster',
      'EKS',
      extended ? 'eksExtended' : 'eks',
      HOURS_PER_MONTH,
      extended ? `${kubernetesVersion}, in extended support` : kubernetesVersion,
    ),
  ];
}

function nodes(plan: ClusterPlan, { spotPercent }: Usage): Quantity[] {
  const groups = new Map<string, { instance: string; tier: string; count: number }>();
  for (const { tier, instanceType: instance, min } of plan.nodeGroups) {
    const key = `${tier} ${instance}`;
    groups.set(key, { instance, tier, count: (groups.get(key)?.count ?? 0) + min });
  }
  return [
    ...[...groups.values()].map(({ tier, instance, count }) =>
      of('nodes', `${tier} nodes`, { instance }, count * HOURS_PER_MONTH, `${count} × ${instance}`),
    ),
    ...karpenterNodes(plan).map(({ what, instance, count, spot }) =>
      of(
        'nodes',
        `${what} nodes`,
        spot ? { instance, percent: spotPercent } : { instance },
        count * HOURS_PER_MONTH,
        `about ${count} × ${instance}${spot ? ', Spot' : ''}, by what pods ask for`,
      ),
    ),
  ];
}

/** Nodes that run all the time. */
function nodeCount(plan: ClusterPlan): number {
  const ofGroups = plan.nodeGroups.reduce((sum, { min }) => sum + min, 0);
  return Math.ceil(karpenterNodes(plan).reduce((sum, { count }) => sum + count, ofGroups));
}

/** They keep nothing: a node may be taken away from under them. */
const WORKERS: readonly string[] = ['transcriber', 'images'];

interface EstimatedNodes {
  readonly what: string;
  readonly instance: string;
  readonly count: number;
  readonly spot: boolean;
}

/**
 * Karpenter chooses by itself: the share of general nodes that the pods fill which run all the time. Not rounded up,
 * since it takes smaller ones for what is left over.
 */
function karpenterNodes({ config, sizes }: ClusterPlan): EstimatedNodes[] {
  const { stateless, architecture } = config.nodes;
  if (stateless.kind !== 'karpenter') return [];
  const instance = architecture === 'arm64' ? 'm7g.large' : 'm7i.large';
  const shape = instanceShape(instance);
  if (shape === undefined) return [];
  const room = allocatable(shape);
  const filledBy = (pods: readonly Size[]) => {
    const sum = (of: (size: Size) => number) =>
      pods.reduce((total, size) => total + of(size) * size.replicas.min, 0);
    return Math.max(sum(({ cpu }) => cpu) / room.cpu, sum(({ memoryMiB }) => memoryMiB) / room.memoryMiB);
  };
  const all = sizes.filter(({ tier }) => tier === 'stateless');
  const onDemand = all.filter(({ workload }) => !(stateless.spot && WORKERS.includes(workload)));
  const rounded = (count: number) => Math.round(count * 100) / 100;
  const steady = rounded(filledBy(onDemand));
  return [
    { what: 'stateless', instance, spot: false, count: steady },
    { what: 'worker', instance, spot: true, count: rounded(filledBy(all) - steady) },
  ].filter(({ count }) => count > 0);
}

/** Baseline that each gp3 volume has for nothing. */
const FREE = { iops: 3000, throughputMiB: 125 };

function disks(plan: ClusterPlan): Quantity[] {
  const roots = [
    ...plan.nodeGroups.map(({ min, diskGiB }) => min * diskGiB),
    ...karpenterNodes(plan).map(({ count }) => count * ROOT_DISK_GIB),
  ].reduce((sum, size) => sum + size, 0);
  const volumes = plan.sizes.flatMap(({ workload, replicas, volumes: each }) =>
    each.map(volume => ({ ...volume, workload, count: replicas.min })),
  );
  const beyond = (what: keyof typeof FREE) =>
    volumes.reduce((sum, { storageClass, count }) => {
      const asked = plan.storageClasses.find(({ name }) => name === storageClass)?.[what] ?? 0;
      return sum + Math.max(0, asked - FREE[what]) * count;
    }, 0);
  return [
    of('disks', 'root volumes of nodes', 'gp3GiB', roots),
    ...volumes.map(({ workload, name, count, sizeGiB }) =>
      of('disks', `${workload} ${name}`, 'gp3GiB', count * sizeGiB, `${count} × ${sizeGiB} GiB`),
    ),
    of('disks', 'operations beyond 3000 a second', 'gp3Iops', beyond('iops')),
    of('disks', 'throughput beyond 125 MiB/s', 'gp3Throughput', beyond('throughputMiB')),
  ];
}

function network({ network: { zones, natZones }, config, entrances }: ClusterPlan, usage: Usage): Quantity[] {
  const hours = (count: number) => count * HOURS_PER_MONTH;
  const balancers = (...kinds: string[]) => entrances.filter(({ kind }) => kinds.includes(kind));
  const open = entrances.filter(({ scheme }) => scheme === 'internet-facing');
  const services = config.network.endpoints.flatMap(choice =>
    TWOFOLD.includes(choice) ? [1, 2] : [1],
  ).length;
  return [
    of('network', 'NAT gateways', 'natHour', hours(natZones.length)),
    of('network', 'public IPv4 addresses of NAT gateways', 'publicIpv4', hours(natZones.length)),
    of('network', 'ALB', 'albHour', hours(balancers('alb').length)),
    of('network', 'NLB', 'nlbHour', hours(balancers('nlb', 'service').length)),
    of('network', 'public IPv4 addresses of load balancers', 'publicIpv4', hours(open.length * zones.length)),
    of('network', 'interface endpoints', 'endpointHour', hours(services * zones.length)),
    of('network', 'hosted zone', 'hostedZone', config.dns.kind === 'newZone' ? 1 : 0),
    of('network', 'through NAT gateways', 'natGiB', usage.natGiB),
    of('network', 'to the internet', 'internetGiB', usage.internetGiB),
    of('network', 'between zones, out and in', 'crossZoneGiB', usage.crossZoneGiB),
    of('network', 'capacity units of the ALB', 'lcu', hours(usage.lcu)),
    of('network', 'capacity units of the NLB', 'nlcu', hours(usage.nlcu)),
  ];
}

/** Choices of `network.endpoints` that are two services. */
const TWOFOLD: readonly string[] = ['ecr', 'eks'];

const CERTIFICATE_TIERS: readonly PriceId[] = [
  'certificate',
  'certificateBeyond1000',
  'certificateBeyond10000',
];

function security({ config, secrets }: ClusterPlan, { certificates }: Usage): Quantity[] {
  const { issuer } = config.tls;
  const short = issuer.kind === 'awsPrivateCa' && issuer.mode === 'short-lived';
  const made =
    issuer.kind !== 'awsPrivateCa' || issuer.arn !== undefined ? 0 : issuer.mode === 'general' ? 2 : 1;
  const shortIssuer =
    short ||
    (issuer.kind === 'awsPrivateCa' && issuer.mode === 'existing' && issuer.usageMode === 'short-lived');
  // Secrets of Kubernetes, objects, sources of builds.
  const keys = 1 + (config.storage.encryption === 'kms' ? 1 : 0) + (config.delivery.kind === 'none' ? 0 : 1);
  return [
    of('security', 'private CA', short ? 'privateCaShortLived' : 'privateCa', made),
    ...(shortIssuer
      ? [of('security', 'certificates issued', 'certificateShortLived', certificates)]
      : perTier(certificates).map(({ count }, tier) =>
          of('security', 'certificates issued', CERTIFICATE_TIERS[tier] ?? 'certificate', count),
        )),
    of('security', 'KMS keys', 'kmsKey', keys),
    of('security', 'secrets', 'secret', config.secrets.kind === 'secretsManager' ? secrets.length : 0),
    of('security', 'web application firewall', 'wafAcl', config.entrances.http.waf ? 1 : 0),
    of('security', 'rules of the firewall', 'wafRule', config.entrances.http.waf ? 3 : 0),
  ];
}

function data({ s3GiB, ecrGiB }: Usage): Quantity[] {
  return [of('data', 'S3', 's3GiB', s3GiB), of('data', 'ECR', 'ecrGiB', ecrGiB)];
}

function fargate({ config }: ClusterPlan): Quantity[] {
  const { runOn, scaling, cpu, memoryMiB } = config.web;
  if (runOn !== 'fargate') return [];
  const tasks = scaling.kind === 'fixed' ? scaling.replicas : scaling.min;
  const arm = config.nodes.architecture === 'arm64';
  const hours = tasks * HOURS_PER_MONTH;
  return [
    of('nodes', 'Fargate CPU', arm ? 'fargateCpuArm' : 'fargateCpu', hours * cpu, `${tasks} × ${cpu} vCPU`),
    of(
      'nodes',
      'Fargate memory',
      arm ? 'fargateMemoryArm' : 'fargateMemory',
      (hours * memoryMiB) / 1024,
      `${tasks} × ${memoryMiB} MiB`,
    ),
  ];
}

function operations(plan: ClusterPlan, { logGiB, buildMinutes, containerMetrics }: Usage): Quantity[] {
  const { config } = plan;
  return [
    of('operations', 'metrics of alarms', 'alarmMetric', alarmMetrics(plan, nodeCount(plan))),
    of(
      'operations',
      'metrics of Container Insights',
      'containerMetric',
      config.web.runOn === 'fargate' ? containerMetrics : 0,
    ),
    of('operations', 'dashboard', 'dashboard', 1),
    of('operations', 'logs', 'logGiB', logGiB),
    of('operations', 'builds', 'buildMinute', buildMinutes),
    of(
      'operations',
      'pipeline',
      'pipelineMinute',
      config.delivery.kind === 'codepipeline' ? buildMinutes : 0,
    ),
  ];
}
