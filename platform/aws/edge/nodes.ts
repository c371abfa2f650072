import { Tags } from 'aws-cdk-lib';
import { CfnAutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnAccessEntry } from 'aws-cdk-lib/aws-eks';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { Construct } from 'constructs';
import { type ClusterPlan, PLATFORM_TAG, TIER_LABEL } from '../../plan/index.js';
import { acknowledge } from '../acknowledge.js';
import { nodeRole, nodeTemplateProps } from '../cluster/node-groups.js';

export interface EdgeNodesProps {
  readonly plan: ClusterPlan;
  readonly cluster: ICluster;
  readonly serviceCidr: string;
  readonly vpc: ec2.IVpc;
  /** Lets in what the load balancers send. */
  readonly securityGroup: ec2.ISecurityGroup;
  readonly targetGroupArns: readonly string[];
}

/**
 * The nodes that the load balancers send to: an Auto Scaling group of its own, since a managed node group can't be the
 * target of a load balancer that CloudFormation makes.
 */
export function edgeNodes(scope: Construct, props: EdgeNodesProps): void {
  const { plan, cluster, vpc, targetGroupArns } = props;
  const group = plan.nodeGroups.find(({ tier }) => tier === 'edge');
  if (group === undefined) throw new RangeError('no edge nodes in the plan');
  const role = nodeRole(scope, plan, 'edge-node');
  const entry = new CfnAccessEntry(scope, 'edge-node-entry', {
    clusterName: plan.names.cluster,
    principalArn: role.roleArn,
    type: 'EC2_LINUX',
  });
  const template = new ec2.LaunchTemplate(scope, 'edge-template', {
    ...nodeTemplateProps(group.diskGiB),
    machineImage: ec2.MachineImage.fromSsmParameter(imageParameter(plan)),
    instanceType: new ec2.InstanceType(group.instanceType),
    role,
    userData: ec2.UserData.custom(nodeConfig(props)),
    // Exactly one of them bears the cluster's tag: the cloud controller refuses nodes with two.
    securityGroup: cluster.clusterSecurityGroup,
  });
  template.addSecurityGroup(props.securityGroup);
  Tags.of(template).add('Name', group.name);
  const nodes = new CfnAutoScalingGroup(scope, 'edge-group', {
    minSize: String(group.min),
    maxSize: String(group.max),
    desiredCapacity: String(group.min),
    launchTemplate: {
      launchTemplateId: template.launchTemplateId,
      version: template.latestVersionNumber,
    },
    vpcZoneIdentifier: vpc.privateSubnets.map(({ subnetId }) => subnetId),
    targetGroupArns: [...targetGroupArns],
    // A load balancer finds every node unhealthy until the ingress is installed: it must not have them replaced.
    healthCheckType: 'EC2',
    tags: [
      { key: 'Name', value: group.name, propagateAtLaunch: true },
      { key: PLATFORM_TAG, value: plan.names.prefix, propagateAtLaunch: true },
      { key: `kubernetes.io/cluster/${plan.names.cluster}`, value: 'owned', propagateAtLaunch: true },
    ],
  });
  nodes.cfnOptions.updatePolicy = {
    autoScalingRollingUpdate: {
      minInstancesInService: group.min,
      maxBatchSize: 1,
      pauseTime: 'PT5M',
      suspendProcesses: ['AZRebalance', 'AlarmNotification', 'ReplaceUnhealthy', 'ScheduledActions'],
    },
  };
  nodes.addResourceDependency(entry);
  acknowledge(
    nodes,
    'AS3',
    `${group.name}: its size is fixed; alarms watch the health of its targets instead`,
  );
}

/** AWS' own pointer to the newest image for this version of Kubernetes; it is read at each deployment. */
function imageParameter({ config }: ClusterPlan): string {
  const { kubernetesVersion } = config.cluster;
  const { architecture } = config.nodes;
  return `/aws/service/eks/optimized-ami/${kubernetesVersion}/amazon-linux-2023/${architecture}/standard/recommended/image_id`;
}

/** How a node finds its cluster. Source: https://awslabs.github.io/amazon-eks-ami/nodeadm/ */
function nodeConfig({ plan, cluster, serviceCidr }: EdgeNodesProps): string {
  return [
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="NODE"',
    '',
    '--NODE',
    'Content-Type: application/node.eks.aws',
    '',
    'apiVersion: node.eks.aws/v1alpha1',
    'kind: NodeConfig',
    'spec:',
    '  cluster:',
    `    name: ${plan.names.cluster}`,
    `    apiServerEndpoint: ${cluster.clusterEndpoint}`,
    `    certificateAuthority: ${cluster.clusterCertificateAuthorityData}`,
    `    cidr: ${serviceCidr}`,
    '  kubelet:',
    '    flags:',
    `      - --node-labels=${TIER_LABEL}=edge`,
    `      - --register-with-taints=${TIER_LABEL}=edge:NoSchedule`,
    '',
    '--NODE--',
    '',
  ].join('\n');
}
