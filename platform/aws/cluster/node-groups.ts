import { type CfnResource, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type ClusterPlan, type NodeGroup, TAINTED_TIERS, TIER_LABEL } from '../../plan/index.js';
import { namedRole } from '../roles.js';

/** Role of nodes. Pods get roles of their own by Pod Identity, and can't reach this one (hop limit 1). */
export function nodeRole(scope: Construct, { names }: ClusterPlan, id: string): Role {
  const principal = new ServicePrincipal('ec2.amazonaws.com');
  const pull = ManagedPolicy.fromManagedPolicyName(scope, `${id}-pull`, names.pullPolicy);
  return namedRole(scope, `${id}-role`, names.role(id), `${names.prefix}: nodes`, principal, {
    awsPolicies: {
      AmazonEKSWorkerNodePolicy: 'what kubelet needs changes with EKS, so that AWS keeps the list',
    },
    policies: [pull],
  });
}

/** How every node starts: IMDSv2 that pods can't reach, an encrypted gp3 root. */
export function nodeTemplateProps(diskGiB: number): ec2.LaunchTemplateProps {
  return {
    requireImdsv2: true,
    httpPutResponseHopLimit: 1,
    blockDevices: [
      {
        deviceName: '/dev/xvda',
        volume: ec2.BlockDeviceVolume.ebs(diskGiB, {
          volumeType: ec2.EbsDeviceVolumeType.GP3,
          encrypted: true,
          deleteOnTermination: true,
        }),
      },
    ],
  };
}

export interface ManagedGroupProps {
  readonly plan: ClusterPlan;
  readonly cluster: eks.ICluster;
  readonly role: Role;
}

export function managedGroup(
  scope: Construct,
  { name, tier, instanceType, zones, min, max, diskGiB }: NodeGroup,
  { plan, cluster, role }: ManagedGroupProps,
): eks.Nodegroup {
  const id = name.slice(plan.names.prefix.length + 1);
  const template = new ec2.LaunchTemplate(scope, `${id}-template`, {
    // In the template a change of type rolls the group; in the group it would replace it.
    instanceType: new ec2.InstanceType(instanceType),
    ...nodeTemplateProps(diskGiB),
  });
  Tags.of(template).add('Name', name);
  const group = new eks.Nodegroup(scope, id, {
    cluster,
    nodeRole: role,
    amiType:
      plan.config.nodes.architecture === 'arm64'
        ? eks.NodegroupAmiType.AL2023_ARM_64_STANDARD
        : eks.NodegroupAmiType.AL2023_X86_64_STANDARD,
    subnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS, availabilityZones: [...zones] },
    minSize: min,
    desiredSize: min,
    maxSize: max,
    maxUnavailable: 1,
    // An update waits for disruption budgets; forced, it would take bookies away as it comes.
    forceUpdate: false,
    enableNodeAutoRepair: tier !== 'stateful',
    labels: { [TIER_LABEL]: tier },
    taints: TAINTED_TIERS.includes(tier)
      ? [{ key: TIER_LABEL, value: tier, effect: eks.TaintEffect.NO_SCHEDULE }]
      : [],
    launchTemplateSpec: {
      id: template.launchTemplateId ?? '',
      version: template.latestVersionNumber,
    },
  });
  // Without it nodes stay at the version that they were made with, until the control plane has left them behind.
  (group.node.defaultChild as CfnResource).addPropertyOverride(
    'Version',
    plan.config.cluster.kubernetesVersion,
  );
  return group;
}
