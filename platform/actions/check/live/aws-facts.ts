import type { CaFacts } from '../../../../certs/authorities/aws-private-ca/index.js';
import { type AwsCliOptions, askAws } from '../../../edges/aws-cli.js';
import { Unanswered } from './questions.js';

/** Asks an account by the AWS CLI. */
export interface Account {
  /** @throws Unanswered */
  ask<T>(args: readonly string[]): Promise<T>;
  /** The same; undefined where AWS says that there is no such thing. @throws Unanswered */
  find<T>(args: readonly string[], missing: RegExp): Promise<T | undefined>;
}

export function accountOf(options: AwsCliOptions): Account {
  const asked = async (args: readonly string[]) => (await askAws(args, options)) as Asked;
  return {
    ask: async <T>(args: readonly string[]) => answerOf<T>(await asked(args)),
    find: async <T>(args: readonly string[], missing: RegExp) => {
      const found = await asked(args);
      return 'unknown' in found && missing.test(found.unknown) ? undefined : answerOf<T>(found);
    },
  };
}

type Asked = { readonly answer: unknown } | { readonly unknown: string };

function answerOf<T>(asked: Asked): T {
  if ('unknown' in asked) throw new Unanswered(asked.unknown);
  return asked.answer as T;
}

export interface ZoneFact {
  readonly ZoneName: string;
  readonly State: string;
}

export interface OfferFact {
  readonly InstanceType: string;
  readonly Location: string;
}

export interface HostedZoneFact {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly nameServers: readonly string[];
}

interface HostedZoneAnswer {
  readonly HostedZone: {
    readonly Id: string;
    readonly Name: string;
    readonly Config?: { readonly PrivateZone?: boolean };
  };
  readonly DelegationSet?: { readonly NameServers?: readonly string[] };
}

export async function hostedZone(account: Account, id: string): Promise<HostedZoneFact | undefined> {
  const found = await account.find<HostedZoneAnswer>(
    ['route53', 'get-hosted-zone', '--id', id],
    /NoSuchHostedZone/,
  );
  if (found === undefined) return undefined;
  const { HostedZone: zone, DelegationSet: delegation } = found;
  return {
    id,
    name: plainName(zone.Name),
    isPrivate: zone.Config?.PrivateZone ?? false,
    nameServers: delegation?.NameServers ?? [],
  };
}

/** Public zones of exactly this name. */
export async function zonesNamed(account: Account, name: string): Promise<HostedZoneFact[]> {
  const args = ['route53', 'list-hosted-zones-by-name', '--dns-name', name, '--max-items', '10'];
  const { HostedZones: zones = [] } = await account.ask<{ HostedZones?: HostedZoneAnswer['HostedZone'][] }>(
    args,
  );
  const same = zones.filter(zone => plainName(zone.Name) === name && !(zone.Config?.PrivateZone ?? false));
  const found = await Promise.all(
    same.map(({ Id }) => hostedZone(account, Id.replace(/^\/hostedzone\//, ''))),
  );
  return found.filter(zone => zone !== undefined);
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

export async function authority(account: Account, arn: string): Promise<CaFacts | undefined> {
  const args = ['acm-pca', 'describe-certificate-authority', '--certificate-authority-arn', arn];
  const found = await account.find<{
    CertificateAuthority: {
      Status: string;
      UsageMode?: string;
      NotAfter?: string;
      CertificateAuthorityConfiguration: { KeyAlgorithm: string };
    };
  }>(args, /ResourceNotFound|InvalidArn/);
  if (found === undefined) return undefined;
  const { Status, UsageMode, NotAfter, CertificateAuthorityConfiguration: made } = found.CertificateAuthority;
  return {
    arn,
    status: Status,
    mode: UsageMode === 'SHORT_LIVED_CERTIFICATE' ? 'short-lived' : 'general',
    keyAlgorithm: made.KeyAlgorithm,
    ...(NotAfter !== undefined && { notAfter: new Date(NotAfter) }),
  };
}

/** What a stack puts out; nothing where there is no such stack. */
export async function stackOutput(account: Account, stack: string, key: string): Promise<string | undefined> {
  const found = await account.find<{
    Stacks: { Outputs?: { OutputKey: string; OutputValue: string }[] }[];
  }>(['cloudformation', 'describe-stacks', '--stack-name', stack], /does not exist/);
  return found?.Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
}

export interface EksVersionFact {
  readonly clusterVersion: string;
  readonly versionStatus?: string;
  readonly endOfStandardSupportDate?: string;
}

export interface CertificateFact {
  readonly arn: string;
  readonly status: string;
  readonly names: readonly string[];
  readonly notAfter?: string;
  /** Why it was not issued or renewed. */
  readonly why?: string;
}

export async function publicCertificate(account: Account, arn: string): Promise<CertificateFact | undefined> {
  const found = await account.find<{
    Certificate: {
      Status: string;
      DomainName: string;
      SubjectAlternativeNames?: string[];
      NotAfter?: string;
      FailureReason?: string;
      RenewalSummary?: { RenewalStatus: string; RenewalStatusReason?: string };
    };
  }>(['acm', 'describe-certificate', '--certificate-arn', arn], /ResourceNotFound/);
  if (found === undefined) return undefined;
  const { Status, DomainName, SubjectAlternativeNames, NotAfter, FailureReason, RenewalSummary } =
    found.Certificate;
  const renewal = RenewalSummary?.RenewalStatus === 'FAILED' ? RenewalSummary : undefined;
  const why =
    FailureReason ?? (renewal && `its renewal failed: ${renewal.RenewalStatusReason ?? 'no reason'}`);
  return {
    arn,
    status: Status,
    names: [...new Set([DomainName, ...(SubjectAlternativeNames ?? [])])],
    ...(NotAfter !== undefined && { notAfter: NotAfter }),
    ...(why !== undefined && { why }),
  };
}

/** Every kind of key: unless they are named, ACM lists certificates with an RSA key of at most 2048 bits alone. */
const KEY_TYPES = [
  ...['RSA_1024', 'RSA_2048', 'RSA_3072', 'RSA_4096'],
  ...['EC_prime256v1', 'EC_secp384r1', 'EC_secp521r1'],
];

/** ARNs of the account's certificates whose first name is this one. */
export async function certificatesNamed(account: Account, name: string): Promise<string[]> {
  const { CertificateSummaryList: all = [] } = await account.ask<{
    CertificateSummaryList?: { CertificateArn: string; DomainName: string }[];
  }>(['acm', 'list-certificates', '--includes', `keyTypes=${KEY_TYPES.join(',')}`]);
  return all.filter(({ DomainName }) => DomainName === name).map(({ CertificateArn }) => CertificateArn);
}

/** `own`, `free`, or that of another account. */
export async function bucketOwner(account: Account, name: string, own: ReadonlySet<string>) {
  if (own.has(name)) return 'own';
  try {
    const found = await account.find(['s3api', 'head-bucket', '--bucket', name], /\(404\)|NoSuchBucket/);
    return found === undefined ? 'free' : 'other';
  } catch (error) {
    if (error instanceof Unanswered && /\((403|301)\)/.test(error.message)) return 'other';
    throw error;
  }
}
