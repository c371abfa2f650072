import { nameServersOf } from '../../../edges/name-servers.js';
import { type Finding, finding } from '../../../errors.js';
import type { ClusterPlan } from '../../../plan/index.js';
import { type WantedCa, wantedCas } from '../../cluster/existing-ca.js';
import { askQuota, quotaFindings, quotaNeeds } from '../../doctor/quotas.js';
import {
  type Account,
  accountOf,
  authority,
  bucketOwner,
  certificatesNamed,
  type EksVersionFact,
  type HostedZoneFact,
  hostedZone,
  type OfferFact,
  publicCertificate,
  stackOutput,
  type ZoneFact,
  zonesNamed,
} from './aws-facts.js';
import {
  accountFindings,
  bucketFindings,
  certificateFindings,
  delegationFindings,
  existingZoneFindings,
  jumpFindings,
  offerFindings,
  regionFindings,
  versionFindings,
  zoneFindings,
} from './aws-findings.js';
import { askAll, type LiveResult, partNotAsked, type Question, together, Unanswered } from './questions.js';

export interface AskAwsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Name servers of a domain. @default - DNS as this machine sees it */
  readonly dns?: (domain: string) => Promise<readonly string[] | undefined>;
}

/** What the AWS account of the credentials says of a plan. Reads alone. */
export async function askAccount(plan: ClusterPlan, options: AskAwsOptions): Promise<LiveResult> {
  const { region } = plan;
  const account = accountOf({ ...options, region });
  // A region that is not switched on answers nobody: this is asked where every account may ask.
  const anywhere = accountOf({ ...options, region: homeOf(region) });
  let own: string;
  try {
    own = (await anywhere.ask<{ Account: string }>(['sts', 'get-caller-identity'])).Account;
  } catch (error) {
    if (error instanceof Unanswered) return partNotAsked('aws', error.message);
    throw error;
  }
  const first = [
    question('the account of the credentials', 'AccountMismatch', async () => accountFindings(plan, own)),
    question('the region', 'RegionNotEnabled', () => regionOf(plan, anywhere)),
  ];
  const before = await askAll('aws', first, options.signal);
  // Another account or a region that is off has other answers than those that are asked for.
  if (before.findings.some(({ severity }) => severity === 'error')) return before;
  const rest = [...network(plan, account), ...edges(plan, account, options), ...quotas(plan, options)];
  return together([before, await askAll('aws', rest, options.signal)]);
}

function homeOf(region: string): string {
  if (region.startsWith('cn-')) return 'cn-north-1';
  return region.startsWith('us-gov-') ? 'us-gov-west-1' : 'us-east-1';
}

function question(what: string, codes: Question['codes'][number] | Question['codes'], ask: Question['ask']) {
  return { what, codes: typeof codes === 'string' ? [codes] : codes, ask } satisfies Question;
}

async function regionOf(plan: ClusterPlan, account: Account): Promise<Finding[]> {
  const args = [
    'ec2',
    'describe-regions',
    '--all-regions',
    '--filters',
    `Name=region-name,Values=${plan.region}`,
  ];
  const { Regions: regions = [] } = await account.ask<{
    Regions?: { RegionName: string; OptInStatus?: string }[];
  }>(args);
  const found = regions.find(({ RegionName }) => RegionName === plan.region);
  return regionFindings(plan, found && (found.OptInStatus ?? 'opt-in-not-required'));
}

function network(plan: ClusterPlan, account: Account): Question[] {
  const zones = plan.network.zones.map(({ name }) => name);
  const types = [...new Set(plan.nodeGroups.map(({ instanceType }) => instanceType))];
  return [
    question('availability zones', 'ZoneNotOffered', async () => {
      const { AvailabilityZones: found = [] } = await account.ask<{ AvailabilityZones?: ZoneFact[] }>([
        'ec2',
        'describe-availability-zones',
      ]);
      return zoneFindings(plan, found);
    }),
    question('instance types', 'InstanceTypeNotOffered', async () => {
      const filters = [
        `Name=instance-type,Values=${types.join(',')}`,
        `Name=location,Values=${zones.join(',')}`,
      ];
      const { InstanceTypeOfferings: offers = [] } = await account.ask<{
        InstanceTypeOfferings?: OfferFact[];
      }>([
        ...['ec2', 'describe-instance-type-offerings', '--location-type', 'availability-zone'],
        ...['--filters', ...filters],
      ]);
      return offerFindings(plan, offers);
    }),
    question('versions of EKS', 'EksVersionUnsupported', async () => {
      const version = plan.config.cluster.kubernetesVersion;
      const args = ['eks', 'describe-cluster-versions', '--cluster-versions', version];
      const found = await account.find<{ clusterVersions?: EksVersionFact[] }>(args, /InvalidParameter/);
      return versionFindings(plan, found?.clusterVersions ?? []);
    }),
    question('the EKS cluster', 'EksVersionJump', async () => {
      const found = await account.find<{ cluster: { version: string } }>(
        ['eks', 'describe-cluster', '--name', plan.names.cluster],
        /ResourceNotFound/,
      );
      return found === undefined ? [] : jumpFindings(plan, found.cluster.version);
    }),
    question('names of buckets', 'BucketNameTaken', async () => {
      const { Buckets: buckets = [] } = await account.ask<{ Buckets?: { Name: string }[] }>([
        's3api',
        'list-buckets',
      ]);
      const own = new Set(buckets.map(({ Name }) => Name));
      const owners = plan.buckets.map(
        async ({ name }) => [name, await bucketOwner(account, name, own)] as const,
      );
      return bucketFindings(new Map(await Promise.all(owners)));
    }),
  ];
}

function edges(plan: ClusterPlan, account: Account, { dns = nameServersOf }: AskAwsOptions): Question[] {
  const { config, entrances } = plan;
  const names = entrances.filter(({ kind }) => kind === 'alb').flatMap(({ hostnames }) => hostnames);
  const delegated = async (zone: HostedZoneFact) => {
    const seen = await dns(zone.name);
    if (seen === undefined) throw new Unanswered('no DNS server answers here');
    return delegationFindings(zone, seen);
  };
  return [
    ...zoneQuestions(plan, account, delegated),
    ...(config.tls.issuer.kind !== 'awsPrivateCa'
      ? []
      : [
          question('the private CA', CA_CODES, async () => {
            const made = await stackOutput(account, plan.names.stack('pki'), 'privateCaArn');
            return (await Promise.all(wantedCas(plan, made).map(it => caFindings(account, it)))).flat();
          }),
        ]),
    ...(names.length === 0
      ? []
      : [
          question('the public certificate', 'PublicCertificateUnfit', async () => {
            const { dns: kept, domain } = config;
            const arns =
              kept.kind === 'external' ? [kept.certificateArn] : await certificatesNamed(account, domain);
            const found = await Promise.all(arns.map(arn => publicCertificate(account, arn)));
            const now = new Date();
            const told = found.map((it, i) => certificateFindings(it, arns[i] ?? '', names, now));
            // One that fits is enough: the account may hold others of that name.
            return told.some(findings => findings.length === 0) ? [] : told.flat();
          }),
        ]),
  ];
}

const CA_CODES: Question['codes'] = [
  ...(['AuthorityNotFound', 'AuthorityNotActive', 'AuthorityModeUnfit', 'AuthorityModeOther'] as const),
  ...(['AuthorityAlgorithmUnfit', 'AuthorityAlgorithmOther'] as const),
  ...(['CertTooLongForMode', 'CertOutlivesIssuer'] as const),
];

async function caFindings(account: Account, { arn, needs }: WantedCa): Promise<Finding[]> {
  const { unfitFor } = await import('../../../../certs/authorities/aws-private-ca/index.js');
  const found = await authority(account, arn);
  const findings =
    found === undefined
      ? [finding('AuthorityNotFound', 'there is no such private CA')]
      : unfitFor(needs, found, new Date());
  return findings.map(it => ({ ...it, where: { file: 'aws', path: arn } }));
}

function zoneQuestions(
  plan: ClusterPlan,
  account: Account,
  delegated: (zone: HostedZoneFact) => Promise<Finding[]>,
): Question[] {
  const { dns, domain } = plan.config;
  if (dns.kind === 'external') return [];
  if (dns.kind === 'newZone') {
    return [
      question('the hosted zone', 'ZoneNotDelegated', async () => {
        const told = await Promise.all((await zonesNamed(account, domain)).map(delegated));
        return told.some(findings => findings.length === 0) ? [] : told.flat();
      }),
    ];
  }
  const { zoneId, zoneName = domain } = dns;
  return [
    question('the hosted zone', 'HostedZoneMissing', async () =>
      existingZoneFindings(plan, await hostedZone(account, zoneId), zoneId, zoneName),
    ),
    question('the delegation of the hosted zone', 'ZoneNotDelegated', async () => {
      const zone = await hostedZone(account, zoneId);
      if (zone === undefined) throw new Unanswered(`there is no zone ${zoneId}`);
      return delegated(zone);
    }),
  ];
}

/** The same comparison as that of `doctor`. */
function quotas(plan: ClusterPlan, options: AskAwsOptions): Question[] {
  return quotaNeeds(plan).map(need =>
    question(`the quota of ${need.what}`, 'QuotaTooSmall', async () => {
      const fact = await askQuota(need, plan, { ...options, region: plan.region });
      if (fact.unknown !== undefined) throw new Unanswered(fact.unknown);
      return quotaFindings([fact]);
    }),
  );
}
