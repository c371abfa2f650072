import { toSeconds } from '../../config/index.js';
import { type ClusterPlan, HOURS_PER_MONTH, INTERMEDIATE_LIFE, issuedPerMonth } from '../../plan/index.js';

export { HOURS_PER_MONTH };

/** What nobody knows from the config: how much the platform is used. Per month. */
export interface Usage {
  /** GiB that leave or enter through the NAT gateways. @default 0 */
  readonly natGiB: number;
  /** GiB that leave for the internet. @default 0 */
  readonly internetGiB: number;
  /** GiB between zones, as brokers and bookies copy messages. @default 0 */
  readonly crossZoneGiB: number;
  /** Capacity units of the load balancer for HTTP, on average. @default 0 */
  readonly lcu: number;
  /** Capacity units of the load balancer for Pulsar, on average. @default 0 */
  readonly nlcu: number;
  /** Certificates that the private CA issues. @default - what the plan needs */
  readonly certificates: number;
  /** GiB in all buckets. @default 50 */
  readonly s3GiB: number;
  /** GiB of images. @default 10 */
  readonly ecrGiB: number;
  /** Metrics that Container Insights keeps of web on Fargate. @default 0 */
  readonly containerMetrics: number;
  /** GiB of logs that are written. @default 10 */
  readonly logGiB: number;
  /** Minutes of builds. @default 0 */
  readonly buildMinutes: number;
  /** Price of Spot in percent of on demand; it changes from hour to hour. @default 50 */
  readonly spotPercent: number;
}

/** Usage where the caller says nothing. */
export function defaultUsage(plan: ClusterPlan): Usage {
  return {
    natGiB: 0,
    internetGiB: 0,
    crossZoneGiB: 0,
    lcu: 0,
    nlcu: 0,
    certificates: Math.round(certificatesPerMonth(plan) * 100) / 100,
    s3GiB: 50,
    ecrGiB: 10,
    containerMetrics: 0,
    logGiB: 10,
    buildMinutes: 0,
    spotPercent: 50,
  };
}

export const USAGE_KEYS: readonly (keyof Usage)[] = [
  'natGiB',
  'internetGiB',
  'crossZoneGiB',
  'lcu',
  'nlcu',
  'certificates',
  's3GiB',
  'ecrGiB',
  'containerMetrics',
  'logGiB',
  'buildMinutes',
  'spotPercent',
];

/** How often the certificates of the plan are issued: each one anew when `renewBefore` of its life is left. */
export function certificatesPerMonth({ config, certificates }: ClusterPlan): number {
  const { issuer, leafDuration, renewBefore } = config.tls;
  if (issuer.kind !== 'awsPrivateCa') return 0;
  if (issuer.mode === 'subordinate') return issuedPerMonth(1, INTERMEDIATE_LIFE);
  const leaf = { hours: toSeconds(leafDuration) / 3600, renewBeforeHours: toSeconds(renewBefore) / 3600 };
  return issuedPerMonth(certificates.length, leaf);
}
