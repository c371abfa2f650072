import { PRIVATE_CA } from '../../plan/index.js';

/** Day on which the list prices below were what AWS asked for. */
export const AS_OF = '2026-07-20';

/** Regions whose list prices differ. Those in a row of the United States cost the same. */
const PRICE_REGIONS: Readonly<Record<string, 'us' | 'ireland' | 'frankfurt'>> = {
  'us-east-1': 'us',
  'us-east-2': 'us',
  'us-west-2': 'us',
  'eu-west-1': 'ireland',
  'eu-central-1': 'frankfurt',
};

export type PriceRegion = (typeof PRICE_REGIONS)[string];

/** Regions that there are prices for. */
export const PRICED_REGIONS: readonly string[] = Object.keys(PRICE_REGIONS);

export function priceRegionOf(region: string): PriceRegion | undefined {
  return Object.hasOwn(PRICE_REGIONS, region) ? PRICE_REGIONS[region] : undefined;
}

export interface ListPrice {
  /** What one of is priced. */
  readonly unit: string;
  /** US dollars without tax. */
  readonly usd: Readonly<Record<PriceRegion, number>>;
  readonly source: string;
}

function listed(unit: string, page: string, us: number, ireland = us, frankfurt = us): ListPrice {
  return { unit, usd: { us, ireland, frankfurt }, source: `https://aws.amazon.com/${page}/` };
}

const [FIRST, NEXT, LAST] = PRIVATE_CA.generalTiers;

/** List prices for on-demand use, first tier but for certificates, without the free tier. */
export const PRICES = {
  eks: listed('hour', 'eks/pricing', 0.1),
  eksExtended: listed('hour', 'eks/pricing', 0.6),
  natHour: listed('hour', 'vpc/pricing', 0.045, 0.048, 0.052),
  natGiB: listed('GiB', 'vpc/pricing', 0.045, 0.048, 0.052),
  publicIpv4: listed('hour', 'vpc/pricing', 0.005),
  endpointGiB: listed('GiB', 'privatelink/pricing', 0.01),
  endpointHour: listed('hour', 'privatelink/pricing', 0.01, 0.011, 0.012),
  albHour: listed('hour', 'elasticloadbalancing/pricing', 0.0225, 0.0252, 0.027),
  lcu: listed('LCU-hour', 'elasticloadbalancing/pricing', 0.008),
  nlbHour: listed('hour', 'elasticloadbalancing/pricing', 0.0225, 0.0252, 0.027),
  nlcu: listed('NLCU-hour', 'elasticloadbalancing/pricing', 0.006),
  gp3GiB: listed('GiB-month', 'ebs/pricing', 0.08, 0.088, 0.0952),
  gp3Iops: listed('IOPS-month', 'ebs/pricing', 0.005, 0.0055, 0.006),
  gp3Throughput: listed('MiB/s-month', 'ebs/pricing', 0.04, 0.044, 0.048),
  fargateCpuArm: listed('vCPU-hour', 'fargate/pricing', 0.03238, 0.03238, 0.03725),
  fargateMemoryArm: listed('GiB-hour', 'fargate/pricing', 0.00356, 0.00356, 0.00409),
  fargateCpu: listed('vCPU-hour', 'fargate/pricing', 0.04048, 0.04048, 0.04656),
  fargateMemory: listed('GiB-hour', 'fargate/pricing', 0.004445, 0.004445, 0.00511),
  s3GiB: listed('GiB-month', 's3/pricing', 0.023, 0.023, 0.0245),
  ecrGiB: listed('GiB-month', 'ecr/pricing', 0.1),
  privateCa: listed('CA-month', 'private-ca/pricing', PRIVATE_CA.authorityUsd.general),
  privateCaShortLived: listed('CA-month', 'private-ca/pricing', PRIVATE_CA.authorityUsd['short-lived']),
  certificate: listed('certificate', 'private-ca/pricing', FIRST.usd),
  certificateBeyond1000: listed('certificate', 'private-ca/pricing', NEXT.usd),
  certificateBeyond10000: listed('certificate', 'private-ca/pricing', LAST.usd),
  certificateShortLived: listed('certificate', 'private-ca/pricing', PRIVATE_CA.shortLivedUsd),
  kmsKey: listed('key-month', 'kms/pricing', 1),
  secret: listed('secret-month', 'secrets-manager/pricing', 0.4),
  hostedZone: listed('zone-month', 'route53/pricing', 0.5),
  wafAcl: listed('ACL-month', 'waf/pricing', 5),
  wafRule: listed('rule-month', 'waf/pricing', 1),
  alarmMetric: listed('metric-month', 'cloudwatch/pricing', 0.1),
  containerMetric: listed('metric-month', 'cloudwatch/pricing', 0.07),
  dashboard: listed('dashboard-month', 'cloudwatch/pricing', 3),
  logGiB: listed('GiB', 'cloudwatch/pricing', 0.5, 0.57, 0.63),
  pipelineMinute: listed('minute', 'codepipeline/pricing', 0.002),
  buildMinute: listed('minute', 'codebuild/pricing', 0.0034),
  internetGiB: listed('GiB', 'ec2/pricing/on-demand', 0.09),
  crossZoneGiB: listed('GiB', 'ec2/pricing/on-demand', 0.02),
} as const satisfies Readonly<Record<string, ListPrice>>;

export type PriceId = keyof typeof PRICES;
