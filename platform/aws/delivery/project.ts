import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnProject } from 'aws-cdk-lib/aws-codebuild';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnAccessEntry } from 'aws-cdk-lib/aws-eks';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import { type ClusterPlan, DELIVERY_GROUP } from '../../plan/index.js';
import { acknowledge } from '../acknowledge.js';
import { retentionOf } from '../log-retention.js';
import { namedRole } from '../roles.js';
import {
  imageStatements,
  interfaceStatements,
  logStatements,
  pushStatements,
  taskStatements,
} from './roles.js';
import { buildScript, deployScript, settingsOf } from './scripts.js';

const IMAGES = {
  arm64: { type: 'ARM_CONTAINER', image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0' },
  x86_64: { type: 'LINUX_CONTAINER', image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0' },
} as const;

export interface DeployProjectProps {
  readonly plan: ClusterPlan;
  readonly vpc: ec2.IVpc;
  readonly cluster: ICluster;
  readonly key: IKey;
}

/**
 * What brings a service to an image: it stands in the VPC, so that the API server needs no public address and nobody
 * outside needs a right in the cluster.
 */
export function deployProject(scope: Construct, { plan, vpc, cluster, key }: DeployProjectProps): CfnProject {
  const { names } = plan;
  const stack = Stack.of(scope);
  const logs = logGroup(scope, plan, 'deploy');
  const group = new ec2.SecurityGroup(scope, 'deploy-group', {
    vpc,
    description: 'deliveries: to AWS and to the API server',
    allowAllOutbound: false,
  });
  group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'to AWS and to the API server');
  new ec2.CfnSecurityGroupIngress(scope, 'deploy-to-api', {
    groupId: cluster.clusterSecurityGroupId,
    sourceSecurityGroupId: group.securityGroupId,
    ipProtocol: 'tcp',
    fromPort: 443,
    toPort: 443,
    description: 'deliveries, to the API server',
  });
  const subnetArns = vpc.privateSubnets.map(({ subnetId }) =>
    stack.formatArn({ service: 'ec2', resource: 'subnet', resourceName: subnetId }),
  );
  const role = namedRole(
    scope,
    'deploy-role',
    names.role('deploy'),
    `${names.prefix}: deliveries`,
    builds(),
    {
      statements: [
        ...imageStatements(stack, plan),
        new PolicyStatement({
          sid: 'FindTheCluster',
          actions: ['eks:DescribeCluster'],
          resources: [stack.formatArn({ service: 'eks', resource: 'cluster', resourceName: names.cluster })],
        }),
        ...(plan.config.web.runOn === 'fargate' ? taskStatements(stack, plan) : []),
        ...interfaceStatements(plan, subnetArns),
        ...logStatements(logs.logGroupArn),
        useOf(key),
      ],
      wildcards: 'network interfaces, log streams, stacks and revisions get their ids when they are made',
    },
  );
  const entry = new CfnAccessEntry(scope, 'deploy-entry', {
    clusterName: names.cluster,
    principalArn: role.roleArn,
    kubernetesGroups: [DELIVERY_GROUP],
  });
  const project = new CfnProject(scope, 'deploy', {
    ...projectProps(plan, 'deploy', role, key, logs),
    description: `${names.prefix}: brings SERVICE to the image DIGEST`,
    source: {
      type: 'NO_SOURCE',
      buildSpec: stringify({
        version: 0.2,
        phases: { build: { commands: [deployScript(plan).join('\n')] } },
      }),
    },
    artifacts: { type: 'NO_ARTIFACTS' },
    vpcConfig: {
      vpcId: vpc.vpcId,
      subnets: vpc.privateSubnets.map(({ subnetId }) => subnetId),
      securityGroupIds: [group.securityGroupId],
    },
  });
  project.addResourceDependency(entry);
  return project;
}

export interface BuildProjectProps {
  readonly plan: ClusterPlan;
  readonly key: IKey;
  /** Reading of the sources and writing of what comes of them. */
  readonly artifacts: readonly PolicyStatement[];
}

/** Builds, pushes and scans every service, for CodePipeline. It has no right in the cluster. */
export function buildProject(scope: Construct, { plan, key, artifacts }: BuildProjectProps): CfnProject {
  const stack = Stack.of(scope);
  const logs = logGroup(scope, plan, 'build');
  const { names, services } = plan;
  const role = namedRole(scope, 'build-role', names.role('build'), `${names.prefix}: builds`, builds(), {
    statements: [
      ...pushStatements(stack, plan),
      ...logStatements(logs.logGroupArn),
      ...artifacts,
      useOf(key),
    ],
    wildcards:
      "ECR's log-in is for no single repository; log streams and artifacts get their names when they are made",
  });
  const each = services.flatMap(({ name }) => [
    `SERVICE=${name}`,
    ...buildScript(plan),
    `export ${digestOf(name)}="$DIGEST"`,
  ]);
  const project = new CfnProject(scope, 'build', {
    ...projectProps(plan, 'build', role, key, logs, true),
    description: `${names.prefix}: builds, pushes and scans the services`,
    source: {
      type: 'CODEPIPELINE',
      buildSpec: stringify({
        version: 0.2,
        env: { 'exported-variables': services.map(({ name }) => digestOf(name)) },
        phases: {
          build: { commands: [['set -eu', 'TAG="$CODEBUILD_RESOLVED_SOURCE_VERSION"', ...each].join('\n')] },
        },
      }),
    },
    artifacts: { type: 'CODEPIPELINE' },
  });
  acknowledge(
    project,
    'CB3',
    `${names.prefix}-build: it builds images, for which Docker needs a privileged container`,
  );
  return project;
}

/** Variable in which the build leaves the digest of a service. */
export function digestOf(service: string): string {
  return `DIGEST_${service.toUpperCase().replaceAll('-', '_')}`;
}

function projectProps(
  plan: ClusterPlan,
  name: string,
  role: Role,
  key: IKey,
  logs: LogGroup,
  privilegedMode = false,
) {
  const settings = settingsOf(plan);
  return {
    name: `${plan.names.prefix}-${name}`,
    serviceRole: role.roleArn,
    encryptionKey: key.keyArn,
    timeoutInMinutes: 60,
    environment: {
      ...IMAGES[plan.config.nodes.architecture],
      computeType: 'BUILD_GENERAL1_SMALL',
      privilegedMode,
      environmentVariables: Object.entries(settings)
        .filter(([variable]) => variable !== 'AWS_REGION')
        .map(([variable, value]) => ({ name: variable, type: 'PLAINTEXT', value })),
    },
    logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: logs.logGroupName } },
  };
}

function logGroup(scope: Construct, { names, config }: ClusterPlan, name: string): LogGroup {
  return new LogGroup(scope, `${name}-logs`, {
    logGroupName: `/${names.prefix}/${name}`,
    retention: retentionOf(config.cluster.logDays),
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

function builds(): ServicePrincipal {
  return new ServicePrincipal('codebuild.amazonaws.com');
}

function useOf(key: IKey): PolicyStatement {
  return new PolicyStatement({
    sid: 'Encrypt',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: [key.keyArn],
  });
}
