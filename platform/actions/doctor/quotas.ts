import pMap from 'p-map';
import { instanceShape } from '../../config/index.js';
import { type AwsCliOptions, askAws } from '../../edges/aws-cli.js';
import { type Finding, finding } from '../../errors.js';
import { type ClusterPlan, PLATFORM_TAG } from '../../plan/index.js';

export interface QuotaNeed {
  readonly what: string;
  readonly service: string;
  readonly code: string;
  /** What the plan takes of it. */
  readonly needs: number;
}

export interface QuotaFact extends QuotaNeed {
  /** What the account has; absent when nobody could tell. */
  readonly quota?: number;
  /** What others in the account and region have taken, as far as it can be counted. */
  readonly used?: number;
  /** Why the quota is not known. */
  readonly unknown?: string;
}

/** Quotas of an account that a platform can run into. Pure. */
export function quotaNeeds(plan: ClusterPlan): QuotaNeed[] {
  const { network, config } = plan;
  const { issuer } = config.tls;
  const authorities =
    issuer.kind !== 'awsPrivateCa' || issuer.arn !== undefined ? 0 : issuer.mode === 'general' ? 2 : 1;
  const nats = network.natZones.length;
  const all = [
    { what: 'vCPUs of on-demand instances', service: 'ec2', code: 'L-1216C47A', needs: cpusOf(plan) },
    { what: 'elastic IP addresses', service: 'ec2', code: 'L-0263D0A3', needs: nats },
    { what: 'VPCs', service: 'vpc', code: 'L-F678F1CE', needs: 1 },
    { what: 'NAT gateways in a zone', service: 'vpc', code: 'L-FE5A380F', needs: Math.min(nats, 1) },
    { what: 'EKS clusters', service: 'eks', code: 'L-1194D53C', needs: 1 },
    { what: 'private CAs', service: 'acm-pca', code: 'L-799883CD', needs: authorities },
  ];
  return all.filter(({ needs }) => needs > 0);
}

/** Groups of nodes that always run, and what the pods on nodes of Karpenter ask for at most. */
function cpusOf({ nodeGroups, sizes, config }: ClusterPlan): number {
  const groups = nodeGroups.reduce(
    (sum, { instanceType, min }) => sum + min * (instanceShape(instanceType)?.cpus ?? 0),
    0,
  );
  const pods =
    config.nodes.stateless.kind === 'karpenter' ? sizes.filter(({ tier }) => tier === 'stateless') : [];
  return Math.ceil(pods.reduce((sum, { cpu, replicas }) => sum + cpu * replicas.max, groups));
}

/** What would not fit beside what is there. Pure. */
export function quotaFindings(facts: readonly QuotaFact[]): Finding[] {
  return facts.flatMap(({ what, service, code, needs, quota, used = 0 }) =>
    quota === undefined || needs + used <= quota
      ? []
      : [
          finding('QuotaTooSmall', `the account has too few ${what} for this platform`, {
            severity: 'warning',
            where: { path: `${service} ${code}` },
            saw: `${quota}, of which others have ${used}`,
            want: `>= ${needs + used}`,
            fix: `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${code} --desired-value ${needs + used}`,
          }),
        ],
  );
}

/** Asks an account; what it does not tell is a fact without a quota. */
export async function askQuotas(plan: ClusterPlan, options: AwsCliOptions): Promise<QuotaFact[]> {
  return pMap(quotaNeeds(plan), need => askQuota(need, plan, options), { concurrency: 3 });
}

/** Asks an account for one of them. */
export async function askQuota(
  need: QuotaNeed,
  plan: ClusterPlan,
  options: AwsCliOptions,
): Promise<QuotaFact> {
  const { service, code } = need;
  const of = ['--service-code', service, '--quota-code', code];
  const asked = await askAws(['service-quotas', 'get-service-quota', ...of], options);
  const used = await usedByOthers(code, plan, options);
  const known = { ...need, ...(used !== undefined && { used }) };
  if ('unknown' in asked) return { ...known, unknown: asked.unknown };
  const { Quota: quota } = asked.answer as { readonly Quota?: { readonly Value?: number } };
  return quota?.Value === undefined ? { ...known, unknown: 'no value' } : { ...known, quota: quota.Value };
}

interface Instance extends Tagged {
  readonly InstanceType: string;
  readonly State: { readonly Name: string };
  /** `spot`: of a quota of its own. */
  readonly InstanceLifecycle?: string;
  readonly CpuOptions?: { readonly CoreCount: number; readonly ThreadsPerCore: number };
}

/** What the quota of standard on-demand instances counts: those that run, or are about to, of the families A to Z. */
function cpusOfOthers(instances: readonly Instance[], { names }: ClusterPlan): number {
  const ours = [
    ['eks:cluster-name', names.cluster],
    ['eks:eks-cluster-name', names.cluster],
    [PLATFORM_TAG, names.prefix],
  ];
  const isOurs = ({ Tags: tags = [] }: Instance) =>
    tags.some(({ Key, Value }) => ours.some(([key, value]) => key === Key && value === Value));
  return instances
    .filter(({ State, InstanceLifecycle }) => isRunning(State.Name) && InstanceLifecycle === undefined)
    .filter(instance => STANDARD.test(instance.InstanceType) && !isOurs(instance))
    .reduce((sum, { InstanceType, CpuOptions: cpu }) => {
      const counted = (cpu?.CoreCount ?? 0) * (cpu?.ThreadsPerCore ?? 1);
      return sum + (instanceShape(InstanceType)?.cpus ?? counted);
    }, 0);
}

/** Others (G, P, Inf, Trn, X, …) have quotas of their own. */
const STANDARD = /^(?:[acdhimrtz]|im|is)\d/;

const isRunning = (state: string) => state === 'running' || state === 'pending';

interface NatGateway extends Tagged {
  readonly SubnetId: string;
  readonly State: string;
}

interface Subnet {
  readonly SubnetId: string;
  readonly AvailabilityZone: string;
}

/** In the zone of the plan where others have most: the quota holds in each. One that failed or is gone takes nothing. */
function natsOfOthers(nats: readonly NatGateway[], subnets: readonly Subnet[], plan: ClusterPlan): number {
  const zoneOf = new Map(subnets.map(({ SubnetId, AvailabilityZone }) => [SubnetId, AvailabilityZone]));
  const counted = nats.filter(nat => /^(pending|available|deleting)$/.test(nat.State) && !isOf(nat, plan));
  const inZone = (zone: string) => counted.filter(({ SubnetId }) => zoneOf.get(SubnetId) === zone).length;
  return Math.max(...plan.network.natZones.map(inZone));
}

interface PrivateCa {
  readonly CertificateAuthorityConfiguration?: { readonly Subject?: { readonly CommonName?: string } };
}

type Tagged = { readonly Tags?: readonly { readonly Key: string; readonly Value: string }[] };

function isOf({ Tags: tags = [] }: Tagged, { names }: ClusterPlan): boolean {
  return tags.some(({ Key, Value }) => Key === PLATFORM_TAG && Value === names.prefix);
}

/** How much of a quota is taken by what is not this platform's; undefined where it is not counted. */
async function usedByOthers(
  code: string,
  plan: ClusterPlan,
  options: AwsCliOptions,
): Promise<number | undefined> {
  const { names } = plan;
  const list = async <T>(args: readonly string[], key: string): Promise<readonly T[] | undefined> => {
    const asked = await askAws(args, options);
    return 'unknown' in asked ? undefined : (asked.answer as Readonly<Record<string, readonly T[]>>)[key];
  };
  const others = (all: readonly Tagged[] | undefined) => all?.filter(each => !isOf(each, plan)).length;
  switch (code) {
    case 'L-1216C47A': {
      const all = await list<{ readonly Instances: readonly Instance[] }>(
        ['ec2', 'describe-instances'],
        'Reservations',
      );
      return (
        all &&
        cpusOfOthers(
          all.flatMap(({ Instances }) => Instances),
          plan,
        )
      );
    }
    case 'L-799883CD': {
      // A deleted one counts until it can no longer be restored; after that it is not listed.
      const all = await list<PrivateCa>(
        ['acm-pca', 'list-certificate-authorities'],
        'CertificateAuthorities',
      );
      const nameOf = (ca: PrivateCa) => ca.CertificateAuthorityConfiguration?.Subject?.CommonName ?? '';
      return all?.filter(ca => !nameOf(ca).startsWith(`${names.prefix} `)).length;
    }
    case 'L-F678F1CE':
      return others(await list<Tagged>(['ec2', 'describe-vpcs'], 'Vpcs'));
    case 'L-0263D0A3':
      return others(await list<Tagged>(['ec2', 'describe-addresses'], 'Addresses'));
    case 'L-FE5A380F': {
      const [nats, subnets] = await Promise.all([
        list<NatGateway>(['ec2', 'describe-nat-gateways'], 'NatGateways'),
        list<Subnet>(['ec2', 'describe-subnets'], 'Subnets'),
      ]);
      return nats && subnets && natsOfOthers(nats, subnets, plan);
    }
    case 'L-1194D53C':
      return (await list<string>(['eks', 'list-clusters'], 'clusters'))?.filter(
        name => name !== names.cluster,
      ).length;
    default:
      return undefined;
  }
}
