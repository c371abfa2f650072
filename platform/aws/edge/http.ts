import { Duration } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ClusterPlan, Entrance } from '../../plan/index.js';
import { acknowledge } from '../acknowledge.js';

/** Where each ingress controller answers when it is ready to serve; it does so on the port that it serves on. */
const HEALTH: Readonly<
  Record<ClusterPlan['config']['entrances']['http']['kind'], { path: string; codes: string }>
> = {
  nginx: { path: '/nginx-health', codes: '200' },
  'ingress-nginx': { path: '/healthz', codes: '200' },
  // Envoy knows no host by the name of a node: that it says so is sign enough.
  gateway: { path: '/', codes: '200-404' },
};

/** AWS allows five values in the conditions of a rule; two of them are hosts. */
const NETWORKS_PER_RULE = 3;

export interface HttpEntranceProps {
  readonly plan: ClusterPlan;
  readonly entrance: Entrance;
  readonly vpc: ec2.IVpc;
  readonly certificate: ICertificate;
  readonly securityGroup: ec2.ISecurityGroup;
  /** Takes access logs. @default - none are kept */
  readonly logs?: IBucket;
}

export interface HttpEntrance {
  readonly balancer: elb.ApplicationLoadBalancer;
  readonly listener: elb.ApplicationListener;
  /** The ingress controller on the edge nodes. */
  readonly targets: elb.ApplicationTargetGroup;
}

/** The load balancer for HTTP: it ends the public TLS and begins another one to the ingress controller. */
export function httpEntrance(scope: Construct, props: HttpEntranceProps): HttpEntrance {
  const { plan, entrance, vpc, certificate, securityGroup, logs } = props;
  const open = entrance.scheme === 'internet-facing';
  const balancer = new elb.ApplicationLoadBalancer(scope, 'alb', {
    vpc,
    vpcSubnets: { subnetType: open ? ec2.SubnetType.PUBLIC : ec2.SubnetType.PRIVATE_WITH_EGRESS },
    internetFacing: open,
    securityGroup,
    idleTimeout: Duration.seconds(entrance.idleTimeoutSeconds),
    dropInvalidHeaderFields: true,
    desyncMitigationMode: elb.DesyncMitigationMode.STRICTEST,
  });
  if (logs) {
    balancer.setAttribute('access_logs.s3.enabled', 'true');
    balancer.setAttribute('access_logs.s3.bucket', logs.bucketName);
    balancer.setAttribute('access_logs.s3.prefix', 'alb');
  } else {
    const reason = 'entrances.http.accessLogDays is 0, no access log is kept';
    acknowledge(balancer, 'ELB2', `${plan.names.hosts.web}: ${reason}`);
  }
  balancer.addListener('plain', {
    port: 80,
    protocol: elb.ApplicationProtocol.HTTP,
    open: false,
    defaultAction: elb.ListenerAction.redirect({ protocol: 'HTTPS', port: '443', permanent: true }),
  });
  const targets = ingressTargets(scope, props);
  const listener = balancer.addListener('https', {
    port: entrance.port,
    protocol: elb.ApplicationProtocol.HTTPS,
    sslPolicy: elb.SslPolicy.TLS13_12_PQ,
    certificates: [certificate],
    open: false,
    defaultAction: elb.ListenerAction.fixedResponse(404, {
      contentType: 'text/plain',
      messageBody: 'no such host',
    }),
  });
  route(listener, targets, plan);
  return { balancer, listener, targets };
}

function ingressTargets(
  scope: Construct,
  { plan, entrance, vpc }: HttpEntranceProps,
): elb.ApplicationTargetGroup {
  const { path, codes } = HEALTH[plan.config.entrances.http.kind];
  return new elb.ApplicationTargetGroup(scope, 'ingress', {
    vpc,
    targetType: elb.TargetType.INSTANCE,
    protocol: elb.ApplicationProtocol.HTTPS,
    port: entrance.nodePort,
    deregistrationDelay: Duration.seconds(60),
    healthCheck: {
      protocol: elb.Protocol.HTTPS,
      path,
      healthyHttpCodes: codes,
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
    },
  });
}

/** The voice chat for everybody whom the security group lets in; admin and Grafana for their networks only. */
function route(
  listener: elb.ApplicationListener,
  targets: elb.ApplicationTargetGroup,
  plan: ClusterPlan,
): void {
  const { web, admin, grafana } = plan.names.hosts;
  const action = elb.ListenerAction.forward([targets]);
  if (plan.config.web.runOn === 'eks') {
    listener.addAction('web', {
      priority: WEB_PRIORITY,
      conditions: [elb.ListenerCondition.hostHeaders([web])],
      action,
    });
  }
  const hosts = plan.entrances
    .flatMap(({ hostnames }) => hostnames)
    .filter(host => [admin, grafana].includes(host));
  const networks = plan.config.entrances.http.adminAllow;
  for (let first = 0; first < networks.length; first += NETWORKS_PER_RULE) {
    listener.addAction(`admin-${first / NETWORKS_PER_RULE}`, {
      priority: WEB_PRIORITY + 1 + first / NETWORKS_PER_RULE,
      conditions: [
        elb.ListenerCondition.hostHeaders(hosts),
        elb.ListenerCondition.sourceIps(networks.slice(first, first + NETWORKS_PER_RULE)),
      ],
      action,
    });
  }
}

/** Of the rule for the voice chat, wherever its servers run. */
export const WEB_PRIORITY = 10;
