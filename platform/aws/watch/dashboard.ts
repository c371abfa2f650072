import { Duration } from 'aws-cdk-lib';
import * as cw from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { ClusterPlan } from '../../plan/index.js';
import type { AlarmPlan, Watched } from './alarms.js';

/** Everything at a glance: alarms, who comes in, and what costs money. */
export function dashboard(
  scope: Construct,
  { names }: ClusterPlan,
  alarms: readonly { readonly plan: AlarmPlan; readonly alarm: cw.Alarm }[],
  { httpBalancer, pulsar }: Watched,
): void {
  const http = (metricName: string, statistic: string) =>
    new cw.Metric({
      namespace: 'AWS/ApplicationELB',
      metricName,
      dimensionsMap: { LoadBalancer: httpBalancer },
      statistic,
      period: Duration.minutes(5),
    });
  const connections = (metricName: string, statistic: string) =>
    new cw.Metric({
      namespace: 'AWS/NetworkELB',
      metricName,
      dimensionsMap: { LoadBalancer: pulsar?.balancer ?? '' },
      statistic,
      period: Duration.minutes(5),
    });
  const graph = (title: string, ...left: cw.IMetric[]) =>
    new cw.GraphWidget({ title, left, width: 8, height: 6 });
  new cw.Dashboard(scope, 'dashboard', {
    dashboardName: names.prefix,
    widgets: [
      [
        new cw.AlarmStatusWidget({
          title: names.prefix,
          alarms: alarms.map(({ alarm }) => alarm),
          width: 24,
          height: 3,
        }),
      ],
      [
        graph('requests', http('RequestCount', cw.Stats.SUM)),
        graph('response time', http('TargetResponseTime', 'p50'), http('TargetResponseTime', 'p99')),
        graph(
          'errors',
          http('HTTPCode_ELB_5XX_Count', cw.Stats.SUM),
          http('HTTPCode_Target_5XX_Count', cw.Stats.SUM),
        ),
      ],
      [
        ...(pulsar
          ? [
              graph('Pulsar connections', connections('ActiveFlowCount', cw.Stats.AVERAGE)),
              graph('Pulsar resets', connections('TCP_ELB_Reset_Count', cw.Stats.SUM)),
            ]
          : []),
        ...alarms
          .filter(({ plan: { id } }) => ['nat-bytes', 'certificates-issued'].includes(id))
          .map(({ plan: { id, metric } }) => graph(id, metric)),
      ],
    ],
  });
}
