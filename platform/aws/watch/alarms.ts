import { Duration } from 'aws-cdk-lib';
import * as cw from 'aws-cdk-lib/aws-cloudwatch';
import type { ClusterPlan } from '../../plan/index.js';
import { certificatesPerMonth } from '../cost/usage.js';

/** What the alarms look at, and only a deployment knows. */
export interface Watched {
  readonly natGatewayIds: readonly string[];
  /** @default - no private CA */
  readonly privateCaArn?: string;
  readonly certificateArn: string;
  readonly httpBalancer: string;
  readonly httpTargets: string;
  /** @default - the cloud controller makes that load balancer, or nobody does */
  readonly pulsar?: { readonly balancer: string; readonly targets: string };
}

export interface AlarmPlan {
  readonly id: string;
  /** What is wrong when it goes off, and what to do. */
  readonly what: string;
  readonly metric: cw.IMetric;
  readonly threshold: number;
  readonly comparison: cw.ComparisonOperator;
  /** Periods in a row. @default 1 */
  readonly periods?: number;
}

const { GREATER_THAN_THRESHOLD: ABOVE, LESS_THAN_THRESHOLD: BELOW } = cw.ComparisonOperator;
const DAY = Duration.days(1);
const GIB = 1024 ** 3;

export function alarmsOf(plan: ClusterPlan, watched: Watched): AlarmPlan[] {
  return [
    ...(watched.privateCaArn === undefined ? [] : privateCa(plan, watched.privateCaArn)),
    nat(plan, watched.natGatewayIds),
    publicCertificate(watched.certificateArn),
    ...volumes(),
    unhealthy(
      'http-targets',
      'ingress controller',
      'AWS/ApplicationELB',
      watched.httpBalancer,
      watched.httpTargets,
    ),
    ...(watched.pulsar
      ? [
          unhealthy(
            'pulsar-targets',
            'proxy of Pulsar',
            'AWS/NetworkELB',
            watched.pulsar.balancer,
            watched.pulsar.targets,
          ),
        ]
      : []),
  ];
}

/** Certificates that are issued in a day when all goes well: none twice, and no more than the budget. */
export function certificatesPerDay(plan: ClusterPlan): number {
  const month = plan.config.watch.certificatesPerMonth ?? 2 * certificatesPerMonth(plan);
  return Math.max(plan.certificates.length, Math.ceil(month / 30));
}

function privateCa(plan: ClusterPlan, arn: string): AlarmPlan[] {
  const metric = (metricName: string, period: Duration) =>
    new cw.Metric({
      namespace: 'AWS/ACMPrivateCA',
      metricName,
      dimensionsMap: { PrivateCAArn: arn, Operation: 'IssueCertificate' },
      statistic: cw.Stats.SUM,
      period,
    });
  return [
    {
      id: 'certificates-issued',
      what: 'more certificates are issued than are renewed: an issuer may be in a loop, and each one is paid for (runbook: certificates)',
      metric: metric('Success', DAY),
      threshold: certificatesPerDay(plan),
      comparison: ABOVE,
    },
    {
      id: 'certificates-refused',
      what: 'the private CA refuses to issue; certificates expire when that goes on for days (runbook: certificates)',
      metric: metric('Failure', Duration.minutes(15)),
      threshold: 0,
      comparison: ABOVE,
      periods: 4,
    },
  ];
}

function nat({ config }: ClusterPlan, gateways: readonly string[]): AlarmPlan {
  const usingMetrics = Object.fromEntries(
    gateways.flatMap((NatGatewayId, index) =>
      ['BytesOutToDestination', 'BytesInFromDestination'].map((metricName, way): [string, cw.IMetric] => [
        `m${index}_${way}`,
        new cw.Metric({
          namespace: 'AWS/NATGateway',
          metricName,
          dimensionsMap: { NatGatewayId },
          statistic: cw.Stats.SUM,
          period: DAY,
        }),
      ]),
    ),
  );
  return {
    id: 'nat-bytes',
    what: 'much goes through the NAT gateways, and each GiB is paid for: an endpoint may be missing (network.endpoints), or something sends what it should not',
    metric: new cw.MathExpression({
      expression: Object.keys(usingMetrics).join(' + '),
      usingMetrics,
      period: DAY,
      label: 'bytes through NAT gateways',
    }),
    threshold: config.watch.natGiBPerDay * GIB,
    comparison: ABOVE,
  };
}

function publicCertificate(CertificateArn: string): AlarmPlan {
  return {
    id: 'public-certificate',
    what: "the load balancer's certificate ends in less than 30 days and was not renewed: is its record still in DNS?",
    metric: new cw.Metric({
      namespace: 'AWS/CertificateManager',
      metricName: 'DaysToExpiry',
      dimensionsMap: { CertificateArn },
      statistic: cw.Stats.MINIMUM,
      period: DAY,
    }),
    threshold: 30,
    comparison: BELOW,
  };
}

/** Smaller instances reach their full speed to disk only in bursts; bookies are slow when the credit is used up. */
function volumes(): AlarmPlan[] {
  return (['EBSByteBalance%', 'EBSIOBalance%'] as const).map(metricName => ({
    id: metricName === 'EBSByteBalance%' ? 'disk-bytes-burst' : 'disk-operations-burst',
    what: 'a node has nearly used up its burst to disk; a larger instance type has more (nodes.stateful.instanceType)',
    metric: new cw.MathExpression({
      expression: `SELECT MIN("${metricName}") FROM SCHEMA("AWS/EC2", InstanceId)`,
      usingMetrics: {},
      period: Duration.minutes(5),
      label: metricName,
    }),
    threshold: 20,
    comparison: BELOW,
    periods: 3,
  }));
}

function unhealthy(
  id: string,
  behind: string,
  namespace: string,
  LoadBalancer: string,
  TargetGroup: string,
): AlarmPlan {
  return {
    id,
    what: `the load balancer finds edge nodes unhealthy: is the ${behind} ready?`,
    metric: new cw.Metric({
      namespace,
      metricName: 'UnHealthyHostCount',
      dimensionsMap: { LoadBalancer, TargetGroup },
      statistic: cw.Stats.MAXIMUM,
      period: Duration.minutes(5),
    }),
    threshold: 0,
    comparison: ABOVE,
    periods: 2,
  };
}
