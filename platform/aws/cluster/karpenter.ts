import { Duration, Stack } from 'aws-cdk-lib';
import { CfnAccessEntry } from 'aws-cdk-lib/aws-eks';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { InstanceProfile, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { AwsAccess, ClusterPlan } from '../../plan/index.js';
import { acknowledge } from '../acknowledge.js';
import { podRole } from '../roles.js';
import { nodeRole } from './node-groups.js';

export interface KarpenterProps {
  readonly plan: ClusterPlan;
  readonly cluster: ICluster;
  readonly access: AwsAccess;
}

/**
 * What Karpenter needs of AWS: a role, a role for its nodes, and word of interruptions. The instance profile of the
 * nodes is made here, so that Karpenter may write nothing in IAM.
 */
export function karpenter(scope: Construct, { plan, cluster, access }: KarpenterProps): void {
  const nodes = nodeRole(scope, plan, 'karpenter-node');
  new InstanceProfile(scope, 'karpenter-profile', {
    instanceProfileName: plan.names.karpenterProfile,
    role: nodes,
  });
  new CfnAccessEntry(scope, 'karpenter-entry', {
    clusterName: cluster.clusterName,
    principalArn: nodes.roleArn,
    type: 'EC2_LINUX',
  });
  const queue = interruptions(scope, plan);
  podRole(scope, plan, access, {
    statements: controllerStatements(plan, nodes, queue),
    wildcards:
      'instances, volumes and launch templates get their ids when it makes them, and are its own by tag; EC2 and the price list describe no single resource',
  });
}

/** What AWS tells about nodes that are about to go. */
function interruptions(scope: Construct, { names }: ClusterPlan): Queue {
  const queue = new Queue(scope, 'karpenter-queue', {
    queueName: names.karpenterQueue,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.minutes(5),
  });
  acknowledge(
    queue,
    'SQS3',
    `${names.karpenterQueue}: a warning that is five minutes old is of no use to anybody`,
  );
  const events: Readonly<Record<string, { source: string; detailType: string }>> = {
    health: { source: 'aws.health', detailType: 'AWS Health Event' },
    spot: { source: 'aws.ec2', detailType: 'EC2 Spot Instance Interruption Warning' },
    rebalance: { source: 'aws.ec2', detailType: 'EC2 Instance Rebalance Recommendation' },
    state: { source: 'aws.ec2', detailType: 'EC2 Instance State-change Notification' },
    reservation: { source: 'aws.ec2', detailType: 'EC2 Capacity Reservation Instance Interruption Warning' },
  };
  for (const [id, { source, detailType }] of Object.entries(events)) {
    new Rule(scope, `karpenter-${id}`, {
      eventPattern: { source: [source], detailType: [detailType] },
      targets: [new SqsQueue(queue)],
    });
  }
  return queue;
}

/** Source: https://karpenter.sh/docs/reference/cloudformation/, 1.14, without the instance profiles. */
function controllerStatements({ names, region }: ClusterPlan, nodes: Role, queue: Queue): PolicyStatement[] {
  const stack = Stack.of(nodes);
  const ec2 = (...kinds: string[]) => kinds.map(kind => `arn:aws:ec2:${region}:*:${kind}/*`);
  const owned = { [`kubernetes.io/cluster/${names.cluster}`]: 'owned' };
  const tags = (where: 'Request' | 'Resource', values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`aws:${where}Tag/${key}`, value]));
  const ofANodePool = (where: 'Request' | 'Resource') => ({
    StringLike: tags(where, { 'karpenter.sh/nodepool': '*' }),
  });
  const made = ec2(
    'fleet',
    'instance',
    'volume',
    'network-interface',
    'launch-template',
    'spot-instances-request',
  );
  const requested = tags('Request', { ...owned, 'eks:eks-cluster-name': names.cluster });
  return [
    new PolicyStatement({
      sid: 'LaunchFromWhatIsThere',
      actions: ['ec2:RunInstances', 'ec2:CreateFleet'],
      resources: [
        `arn:aws:ec2:${region}::image/*`,
        `arn:aws:ec2:${region}::snapshot/*`,
        ...ec2('security-group', 'subnet', 'capacity-reservation', 'placement-group'),
      ],
    }),
    new PolicyStatement({
      sid: 'LaunchFromItsTemplates',
      actions: ['ec2:RunInstances', 'ec2:CreateFleet'],
      resources: ec2('launch-template'),
      conditions: { StringEquals: tags('Resource', owned), ...ofANodePool('Resource') },
    }),
    new PolicyStatement({
      sid: 'LaunchWithItsTags',
      actions: ['ec2:RunInstances', 'ec2:CreateFleet', 'ec2:CreateLaunchTemplate'],
      resources: made,
      conditions: { StringEquals: requested, ...ofANodePool('Request') },
    }),
    new PolicyStatement({
      sid: 'TagWhatItLaunches',
      actions: ['ec2:CreateTags'],
      resources: made,
      conditions: {
        StringEquals: {
          ...requested,
          'ec2:CreateAction': ['RunInstances', 'CreateFleet', 'CreateLaunchTemplate'],
        },
        ...ofANodePool('Request'),
      },
    }),
    new PolicyStatement({
      sid: 'NameItsInstances',
      actions: ['ec2:CreateTags'],
      resources: ec2('instance'),
      conditions: {
        StringEquals: tags('Resource', owned),
        ...ofANodePool('Resource'),
        StringEqualsIfExists: tags('Request', { 'eks:eks-cluster-name': names.cluster }),
        'ForAllValues:StringEquals': {
          'aws:TagKeys': ['eks:eks-cluster-name', 'karpenter.sh/nodeclaim', 'Name'],
        },
      },
    }),
    new PolicyStatement({
      sid: 'RemoveWhatIsItsOwn',
      actions: ['ec2:TerminateInstances', 'ec2:DeleteLaunchTemplate'],
      resources: ec2('instance', 'launch-template'),
      conditions: { StringEquals: tags('Resource', owned), ...ofANodePool('Resource') },
    }),
    new PolicyStatement({
      sid: 'LookAround',
      actions: [
        'ec2:DescribeCapacityReservations',
        'ec2:DescribeImages',
        'ec2:DescribeInstanceStatus',
        'ec2:DescribeInstanceTypeOfferings',
        'ec2:DescribeInstanceTypes',
        'ec2:DescribeInstances',
        'ec2:DescribeLaunchTemplates',
        'ec2:DescribePlacementGroups',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSpotPriceHistory',
        'ec2:DescribeSubnets',
      ],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:RequestedRegion': region } },
    }),
    new PolicyStatement({ sid: 'ReadPrices', actions: ['pricing:GetProducts'], resources: ['*'] }),
    new PolicyStatement({
      sid: 'FindImages',
      actions: ['ssm:GetParameter'],
      resources: [`arn:aws:ssm:${region}::parameter/aws/service/*`],
    }),
    new PolicyStatement({
      sid: 'GiveNodesTheirRole',
      actions: ['iam:PassRole'],
      resources: [nodes.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    }),
    new PolicyStatement({
      sid: 'ReadProfiles',
      actions: ['iam:GetInstanceProfile', 'iam:ListInstanceProfiles'],
      resources: [
        stack.formatArn({ service: 'iam', region: '', resource: 'instance-profile', resourceName: '*' }),
      ],
    }),
    new PolicyStatement({
      sid: 'FindTheCluster',
      actions: ['eks:DescribeCluster'],
      resources: [stack.formatArn({ service: 'eks', resource: 'cluster', resourceName: names.cluster })],
    }),
    new PolicyStatement({
      sid: 'HearOfInterruptions',
      actions: ['sqs:DeleteMessage', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
      resources: [queue.queueArn],
    }),
  ];
}
