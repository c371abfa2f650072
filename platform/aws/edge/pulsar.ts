import { Duration } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { type ClusterPlan, type Entrance, NODE_PORTS } from '../../plan/index.js';
import { acknowledge } from '../acknowledge.js';

export interface PulsarEntranceProps {
  readonly plan: ClusterPlan;
  readonly entrance: Entrance;
  readonly vpc: ec2.IVpc;
  readonly securityGroup: ec2.ISecurityGroup;
}

export interface PulsarEntrance {
  readonly balancer: elb.NetworkLoadBalancer;
  /** Pulsar's proxy on the edge nodes. */
  readonly targets: elb.NetworkTargetGroup;
  /** The ingress controller, by TCP, for tasks outside of the cluster. Absent with web in the cluster. */
  readonly insideTargets: elb.NetworkTargetGroup | undefined;
}

/** The load balancer for Pulsar's binary protocol: it passes TCP on, TLS ends at the proxy. */
export function pulsarEntrance(
  scope: Construct,
  { plan, entrance, vpc, securityGroup }: PulsarEntranceProps,
): PulsarEntrance {
  const open = entrance.scheme === 'internet-facing';
  const balancer = new elb.NetworkLoadBalancer(scope, 'nlb', {
    vpc,
    vpcSubnets: { subnetType: open ? ec2.SubnetType.PUBLIC : ec2.SubnetType.PRIVATE_WITH_EGRESS },
    internetFacing: open,
    securityGroups: [securityGroup],
    crossZoneEnabled: true,
  });
  acknowledge(
    balancer,
    'ELB2',
    `${plan.names.hosts.pulsar}: an NLB logs only what it ends TLS for, and TLS ends at the proxy`,
  );
  const targets = new elb.NetworkTargetGroup(scope, 'proxy', {
    vpc,
    targetType: elb.TargetType.INSTANCE,
    protocol: elb.Protocol.TCP,
    port: entrance.nodePort,
    deregistrationDelay: Duration.seconds(60),
    connectionTermination: true,
    healthCheck: {
      protocol: elb.Protocol.TCP,
      interval: Duration.seconds(10),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
    },
  });
  balancer.addListener('pulsar', {
    port: entrance.port,
    protocol: elb.Protocol.TCP,
    defaultTargetGroups: [targets],
    tcpIdleTimeout: Duration.seconds(entrance.idleTimeoutSeconds),
  });
  const insideTargets = plan.config.web.runOn === 'fargate' ? inside(scope, balancer, vpc) : undefined;
  return { balancer, targets, insideTargets };
}

/** What web on Fargate asks of services in the cluster: TLS ends at the ingress controller, whose name it verifies. */
function inside(scope: Construct, balancer: elb.NetworkLoadBalancer, vpc: ec2.IVpc): elb.NetworkTargetGroup {
  const targets = new elb.NetworkTargetGroup(scope, 'inside-ingress', {
    vpc,
    targetType: elb.TargetType.INSTANCE,
    protocol: elb.Protocol.TCP,
    port: NODE_PORTS.https,
    deregistrationDelay: Duration.seconds(60),
    healthCheck: {
      protocol: elb.Protocol.TCP,
      interval: Duration.seconds(10),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 2,
    },
  });
  balancer.addListener('inside', {
    port: INSIDE_PORT,
    protocol: elb.Protocol.TCP,
    defaultTargetGroups: [targets],
  });
  return targets;
}

/** Port on which the thread service is reached from outside of the cluster. */
export const INSIDE_PORT = 443;
