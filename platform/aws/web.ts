import { Aws, CfnParameter, Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as scaling from 'aws-cdk-lib/aws-applicationautoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { Construct } from 'constructs';
import { toSeconds } from '../config/index.js';
import { type ClusterPlan, OWN_PATHS, SERVICE_PORT } from '../plan/index.js';
import { WEB_PRIORITY } from './edge/http.js';
import { INSIDE_PORT } from './edge/pulsar.js';
import type { EdgeStack } from './edge.js';
import { retentionOf } from './log-retention.js';
import { namedRole } from './roles.js';
import type { SecretsStack } from './secrets.js';
import { PlatformStack } from './stack.js';
import type { StorageStack } from './storage.js';
import { webRoles } from './web/roles.js';
import { webTask } from './web/task.js';

export interface WebStackProps {
  readonly vpc: ec2.IVpc;
  readonly edge: EdgeStack;
  readonly storage: StorageStack;
  readonly secrets: SecretsStack;
}

/** Parameter that holds the image of web. Deliveries change it and nothing else; no other deployment does. */
export const WEB_IMAGE = 'WebImage';

/**
 * The front door as a service of ECS on Fargate. Its secrets must have their values before its first task starts, so
 * that this stack is deployed after the cluster's own stages.
 */
export class WebStack extends PlatformStack {
  constructor(scope: Construct, plan: ClusterPlan, { vpc, edge, storage, secrets }: WebStackProps) {
    super(scope, plan, 'web', 'web on Fargate');
    const { exec } = plan.config.web.fargate;
    const logs = this.#logs('web');
    const execLogs = exec ? this.#logs('web-exec') : undefined;
    const cluster = this.#cluster(execLogs);
    const roles = webRoles(this, { plan, storage, secrets, logs, ...(execLogs && { execLogs }) });
    const image = new CfnParameter(this, WEB_IMAGE, {
      description: 'Image of web, by digest. A delivery sets it; every other deployment keeps it.',
      ...(plan.config.web.image !== undefined && { default: plan.config.web.image }),
    });
    const task = webTask(this, {
      plan,
      image: image.valueAsString,
      taskRole: roles.task,
      executionRole: roles.execution,
      logs,
      arnOf: name => secrets.arnOf(name),
    });
    const targets = this.#targets(vpc);
    const rule = this.#route(edge.http.listener, targets);
    const group = this.#firewall(vpc, edge);
    const service = new ecs.CfnService(this, 'service', {
      serviceName: `${plan.names.prefix}-web`,
      cluster: cluster.ref,
      taskDefinition: task.ref,
      launchType: 'FARGATE',
      platformVersion: 'LATEST',
      enableExecuteCommand: exec,
      propagateTags: 'SERVICE',
      availabilityZoneRebalancing: 'ENABLED',
      healthCheckGracePeriodSeconds: plan.config.web.fargate.graceSeconds,
      deploymentConfiguration: {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: vpc.privateSubnets.map(({ subnetId }) => subnetId),
          securityGroups: [group.securityGroupId],
          assignPublicIp: 'DISABLED',
        },
      },
      loadBalancers: [
        { containerName: 'web', containerPort: SERVICE_PORT, targetGroupArn: targets.targetGroupArn },
      ],
      // Absent where it is scaled: a deployment would put the number back.
      ...(plan.config.web.scaling.kind === 'fixed' && { desiredCount: plan.config.web.scaling.replicas }),
    });
    service.addResourceDependency(rule);
    this.#scaling(cluster, service);
    this.#restarts(cluster, service);
  }

  #logs(name: string): LogGroup {
    return new LogGroup(this, `${name}-logs`, {
      logGroupName: `/${this.plan.names.prefix}/${name}`,
      retention: retentionOf(this.plan.config.cluster.logDays),
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  #cluster(execLogs: LogGroup | undefined): ecs.CfnCluster {
    return new ecs.CfnCluster(this, 'cluster', {
      clusterName: `${this.plan.names.prefix}-web`,
      clusterSettings: [{ name: 'containerInsights', value: 'enhanced' }],
      ...(execLogs && {
        configuration: {
          executeCommandConfiguration: {
            logging: 'OVERRIDE',
            logConfiguration: { cloudWatchLogGroupName: execLogs.logGroupName },
          },
        },
      }),
    });
  }

  #targets(vpc: ec2.IVpc): elb.ApplicationTargetGroup {
    return new elb.ApplicationTargetGroup(this, 'targets', {
      vpc,
      targetType: elb.TargetType.IP,
      protocol: elb.ApplicationProtocol.HTTPS,
      port: SERVICE_PORT,
      deregistrationDelay: Duration.seconds(30),
      healthCheck: {
        protocol: elb.Protocol.HTTPS,
        path: '/health',
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
    });
  }

  #route(listener: elb.IApplicationListener, targets: elb.ApplicationTargetGroup): elb.CfnListenerRule {
    const { listenerArn } = listener;
    const ofHost = { field: 'host-header', hostHeaderConfig: { values: [this.plan.names.hosts.web] } };
    // The health check of the target group does not come through the listener.
    new elb.CfnListenerRule(this, 'closed', {
      listenerArn,
      priority: CLOSED_PRIORITY,
      conditions: [ofHost, { field: 'path-pattern', pathPatternConfig: { values: [...OWN_PATHS] } }],
      actions: [
        {
          type: 'fixed-response',
          fixedResponseConfig: { statusCode: '404', contentType: 'text/plain', messageBody: 'no such page' },
        },
      ],
    });
    return new elb.CfnListenerRule(this, 'rule', {
      listenerArn,
      priority: WEB_PRIORITY,
      conditions: [ofHost],
      actions: [{ type: 'forward', targetGroupArn: targets.targetGroupArn }],
    });
  }

  /** The dials of web: in from the load balancer; out to Pulsar, thread, and what is beyond the platform. */
  #firewall(vpc: ec2.IVpc, { httpGroup, pulsar, pulsarGroup }: EdgeStack): ec2.SecurityGroup {
    const group = new ec2.SecurityGroup(this, 'tasks', {
      vpc,
      description: 'web on Fargate',
      allowAllOutbound: false,
    });
    group.addIngressRule(httpGroup, ec2.Port.tcp(SERVICE_PORT), 'from the HTTP entrance');
    new ec2.CfnSecurityGroupEgress(this, 'entrance-to-tasks', {
      groupId: httpGroup.securityGroupId,
      destinationSecurityGroupId: group.securityGroupId,
      ipProtocol: 'tcp',
      fromPort: SERVICE_PORT,
      toPort: SERVICE_PORT,
      description: 'to web on Fargate',
    });
    // Their addresses change.
    for (const [port, ends] of backingPorts(this.plan))
      group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(port), `to ${ends.join(', ')}`);
    if (pulsar === undefined || pulsarGroup === undefined) throw new RangeError('no NLB in the plan');
    for (const [id, port] of [
      ['pulsar', PULSAR_PORT],
      ['thread', INSIDE_PORT],
    ] as const) {
      if (port !== INSIDE_PORT) group.addEgressRule(pulsarGroup, ec2.Port.tcp(port), `to ${id}`);
      new ec2.CfnSecurityGroupIngress(this, `tasks-to-${id}`, {
        groupId: pulsarGroup.securityGroupId,
        sourceSecurityGroupId: group.securityGroupId,
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        description: `web on Fargate, to ${id}`,
      });
    }
    return group;
  }

  #scaling(cluster: ecs.CfnCluster, service: ecs.CfnService): void {
    const { scaling: wanted } = this.plan.config.web;
    if (wanted.kind !== 'cpu') return;
    const target = new scaling.CfnScalableTarget(this, 'scaling', {
      serviceNamespace: 'ecs',
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId: `service/${cluster.ref}/${service.attrName}`,
      minCapacity: wanted.min,
      maxCapacity: wanted.max,
    });
    new scaling.CfnScalingPolicy(this, 'scaling-by-cpu', {
      policyName: `${this.plan.names.prefix}-web-cpu`,
      policyType: 'TargetTrackingScaling',
      scalingTargetId: target.ref,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: wanted.percent,
        predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        scaleOutCooldown: 60,
        scaleInCooldown: 300,
      },
    });
  }

  /**
   * A task reads its certificate when it starts: a new set of tasks, twice in the time in which a certificate is both
   * renewed and not yet at its end, always has a good one.
   */
  #restarts(cluster: ecs.CfnCluster, service: ecs.CfnService): void {
    const { names, config } = this.plan;
    const hours = Math.max(1, Math.floor(toSeconds(config.tls.renewBefore) / 7200));
    const role = namedRole(
      this,
      'restart-role',
      names.role('web-restart'),
      `${names.prefix}: restarts web before its certificate ends`,
      new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      { statements: [new PolicyStatement({ actions: ['ecs:UpdateService'], resources: [service.ref] })] },
    );
    new CfnSchedule(this, 'restarts', {
      name: `${names.prefix}-web-restart`,
      description: 'a new set of tasks, with the certificate of the day',
      scheduleExpression: `rate(${hours} ${hours === 1 ? 'hour' : 'hours'})`,
      flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: 15 },
      target: {
        arn: 'arn:aws:scheduler:::aws-sdk:ecs:updateService',
        roleArn: role.roleArn,
        input: this.toJsonString({
          Cluster: cluster.ref,
          Service: service.attrName,
          ForceNewDeployment: true,
        }),
      },
    });
  }
}

/** Before the rule that leads to the tasks. */
const CLOSED_PRIORITY = WEB_PRIORITY - 1;

const PULSAR_PORT = 6651;

/** Port → who answers there, of what web dials beyond the platform; the registry and the store of secrets are AWS'. */
function backingPorts({ dials, endpoints, workloads }: ClusterPlan): ReadonlyMap<number, readonly string[]> {
  const backing = workloads.filter(({ kind }) => kind === 'backing').map(({ name }) => name);
  const dialled = endpoints.filter(
    ({ id, workload }) =>
      backing.includes(workload) && dials.some(({ from, to }) => from === 'web' && to === id),
  );
  const ports = new Map<number, string[]>([[443, ['AWS']]]);
  for (const { port, workload } of dialled) ports.set(port, [...(ports.get(port) ?? []), workload]);
  return ports;
}
