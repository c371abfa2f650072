import { type Finding, finding } from '../../../errors.js';
import type { ClusterPlan } from '../../../plan/index.js';
import { isDelegated } from '../../apply/delegation.js';
import type { CertificateFact, EksVersionFact, HostedZoneFact, OfferFact, ZoneFact } from './aws-facts.js';
import { liveFinding } from './questions.js';

// What the answers of an AWS account mean for a plan. Pure.

export function accountFindings({ config }: ClusterPlan, account: string): Finding[] {
  if (config.account === undefined || config.account === account) return [];
  return [
    liveFinding('AccountMismatch', 'these credentials are of another account', {
      at: ['aws', 'account'],
      saw: account,
      want: config.account,
    }),
  ];
}

export function regionFindings({ region }: ClusterPlan, status: string | undefined): Finding[] {
  if (status !== undefined && status !== 'not-opted-in') return [];
  return [
    liveFinding('RegionNotEnabled', `the account may not use ${region}`, {
      at: ['aws', region],
      saw: status ?? 'no such region',
      want: 'opted-in',
      fix: `aws account enable-region --region-name ${region}; it takes some minutes`,
    }),
  ];
}

export function zoneFindings({ network }: ClusterPlan, zones: readonly ZoneFact[]): Finding[] {
  return network.zones.flatMap(({ name }) => {
    const state = zones.find(({ ZoneName }) => ZoneName === name)?.State;
    if (state === 'available') return [];
    return [
      liveFinding('ZoneNotOffered', `${name} can not be used`, {
        at: ['aws', name],
        saw: state ?? `only ${zones.map(({ ZoneName }) => ZoneName).join(', ')}`,
        want: 'available',
      }),
    ];
  });
}

export function offerFindings({ nodeGroups }: ClusterPlan, offers: readonly OfferFact[]): Finding[] {
  const known = new Set(offers.map(({ InstanceType, Location }) => `${InstanceType} ${Location}`));
  return nodeGroups.flatMap(({ name, instanceType, zones }) => {
    const without = zones.filter(zone => !known.has(`${instanceType} ${zone}`));
    if (without.length === 0) return [];
    return [
      liveFinding('InstanceTypeNotOffered', `${instanceType} of the group ${name} is not offered`, {
        at: ['aws', name],
        saw: `not in ${without.join(', ')}`,
        want: zones.join(', '),
      }),
    ];
  });
}

/** @param zone undefined when the account has none of this id */
export function existingZoneFindings(
  { config }: ClusterPlan,
  zone: HostedZoneFact | undefined,
  id: string,
  wanted: string,
): Finding[] {
  const { domain } = config;
  const problem =
    zone === undefined
      ? 'no such zone in this account'
      : zone.isPrivate
        ? `${zone.name}, a private zone`
        : zone.name !== wanted || !(domain === zone.name || domain.endsWith(`.${zone.name}`))
          ? `the zone of ${zone.name}`
          : undefined;
  if (problem === undefined) return [];
  return [
    liveFinding('HostedZoneMissing', `${id} is no public zone for ${domain}`, {
      at: ['aws', 'dns.zoneId'],
      saw: problem,
      want: `a public zone ${wanted}`,
    }),
  ];
}

/** @param seen what DNS answers; undefined where it does not */
export function delegationFindings(zone: HostedZoneFact, seen: readonly string[]): Finding[] {
  if (isDelegated(zone.nameServers, seen) === true) return [];
  return [
    finding('ZoneNotDelegated', `DNS does not lead to the zone of ${zone.name}`, {
      where: { file: 'aws', path: zone.id },
      saw: seen.length === 0 ? 'no name servers' : seen.join(', '),
      want: zone.nameServers.join(', '),
    }),
  ];
}

/** @param versions what EKS says of the version; empty when it knows none of it */
export function versionFindings({ config }: ClusterPlan, versions: readonly EksVersionFact[]): Finding[] {
  const wanted = config.cluster.kubernetesVersion;
  const at = ['aws', 'cluster.kubernetesVersion'] as const;
  const found = versions.find(({ clusterVersion }) => clusterVersion === wanted);
  const status = found?.versionStatus ?? (found === undefined ? 'not offered' : 'STANDARD_SUPPORT');
  if (status === 'STANDARD_SUPPORT') return [];
  const extended = status === 'EXTENDED_SUPPORT';
  return [
    liveFinding(
      'EksVersionUnsupported',
      extended ? `EKS has ${wanted} in extended support` : `EKS does not offer ${wanted}`,
      { at, saw: status, want: 'standard support', ...(extended && { severity: 'warning' }) },
    ),
  ];
}

/** @param present version of the cluster that is there */
export function jumpFindings({ config, names }: ClusterPlan, present: string): Finding[] {
  const wanted = config.cluster.kubernetesVersion;
  const steps = minorOf(wanted) - minorOf(present);
  if (steps === 0 || steps === 1) return [];
  return [
    liveFinding('EksVersionJump', `${names.cluster} can not become ${wanted} in one step`, {
      at: ['aws', names.cluster],
      saw: present,
      want: steps < 0 ? `${present} or the next one` : `1.${minorOf(present) + 1} first`,
    }),
  ];
}

export function minorOf(version: string): number {
  return Number(/^v?\d+\.(\d+)/.exec(version)?.[1]);
}

/** Days before its end by which ACM has renewed a certificate: it begins 60 days before. */
const RENEWED_BY_DAYS = 30;

/** @param names that the entrances are dialled by */
export function certificateFindings(
  found: CertificateFact | undefined,
  arn: string,
  names: readonly string[],
  now: Date,
): Finding[] {
  const unfit = (saw: string, want: string, severity: Finding['severity'] = 'error') =>
    liveFinding('PublicCertificateUnfit', 'the public certificate does not fit', {
      at: ['aws', arn],
      severity,
      saw,
      want,
    });
  if (found === undefined) return [unfit('no such certificate in this account and region', 'ISSUED')];
  const { status, notAfter, why } = found;
  if (status !== 'ISSUED') return [unfit([status, why].filter(Boolean).join(': '), 'ISSUED')];
  const lacking = names.filter(name => !found.names.some(held => covers(held, name)));
  const daysLeft = notAfter === undefined ? Infinity : (Date.parse(notAfter) - now.getTime()) / 86_400_000;
  return [
    ...(lacking.length === 0 ? [] : [unfit(`it is for ${found.names.join(', ')}`, lacking.join(', '))]),
    ...(why !== undefined || daysLeft < RENEWED_BY_DAYS
      ? [unfit(why ?? `it ends on ${notAfter}`, 'renewed', daysLeft <= 0 ? 'error' : 'warning')]
      : []),
  ];
}

function covers(held: string, name: string): boolean {
  if (!held.startsWith('*.')) return held === name;
  return name.slice(name.indexOf('.')) === held.slice(1);
}

export function bucketFindings(owners: ReadonlyMap<string, string>): Finding[] {
  return [...owners]
    .filter(([, owner]) => owner === 'other')
    .map(([name]) =>
      liveFinding('BucketNameTaken', `bucket ${name} is not of this account`, {
        at: ['aws', name],
        saw: 'it is there, and not yours',
        want: 'free, or yours',
      }),
    );
}
