import { RemovalPolicy } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import * as eks from 'aws-cdk-lib/aws-eks-v2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { contains, parseCidr } from '../config/index.js';
import type { ClusterPlan } from '../plan/index.js';
import { acknowledge, acknowledgeLint } from './acknowledge.js';
import { addOns } from './cluster/add-ons.js';
import { karpenter } from './cluster/karpenter.js';
import { managedGroup, nodeRole } from './cluster/node-groups.js';
import { retentionOf } from './log-retention.js';
import type { NetworkStack } from './network.js';
import { namedRole } from './roles.js';
import { accessOf, PlatformStack } from './stack.js';

export interface ClusterStackProps {
  readonly network: NetworkStack;
}

/** EKS, its nodes and add-ons, who may administer it, and which pods get which role. */
export class ClusterStack extends PlatformStack {
  readonly cluster: eks.Cluster;
  /** Range of the addresses of Services; nodes compute the address of the cluster's DNS from it. */
  readonly serviceCidr: string;

  constructor(scope: Construct, plan: ClusterPlan, { network }: ClusterStackProps) {
    super(scope, plan, 'cluster', 'EKS, nodes, add-ons, access');
    this.serviceCidr = serviceCidrBeside(plan.network.cidr);
    this.cluster = this.#cluster(network.vpc);
    this.#admins();
    this.#podIdentities();
    const { cluster } = this;
    const role = nodeRole(this, plan, 'node');
    const groups = plan.nodeGroups
      .filter(({ kind }) => kind === 'managed')
      .map(group => managedGroup(this, group, { plan, cluster, role }));
    addOns(this, { plan, cluster }).order(groups);
    const access = accessOf(plan, 'karpenter');
    if (access) karpenter(this, { plan, cluster, access });
  }

  #cluster(vpc: ec2.IVpc): eks.Cluster {
    const { names, config } = this.plan;
    const { apiAccess, creatorAdmin, kubernetesVersion } = config.cluster;
    const cluster = new eks.Cluster(this, 'cluster', {
      clusterName: names.cluster,
      version: eks.KubernetesVersion.of(kubernetesVersion),
      vpc,
      vpcSubnets: [{ subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS }],
      serviceIpv4Cidr: this.serviceCidr,
      endpointAccess:
        apiAccess.kind === 'private'
          ? eks.EndpointAccess.PRIVATE
          : eks.EndpointAccess.PUBLIC_AND_PRIVATE.onlyFrom(...apiAccess.cidrs),
      role: this.#controlPlaneRole(),
      secretsEncryptionKey: this.#key(),
      clusterLogging: Object.values(eks.ClusterLoggingTypes),
      defaultCapacityType: eks.DefaultCapacityType.NODEGROUP,
      defaultCapacity: 0,
      bootstrapSelfManagedAddons: false,
      // EKS replaces a cluster when it changes, so that it follows from nothing else.
      bootstrapClusterCreatorAdminPermissions: creatorAdmin,
      outputConfigCommand: false,
    });
    cluster.node.addDependency(this.#logGroup());
    // Of use only to kubectl in a Lambda function, which is not here.
    cluster.node.tryRemoveChild('KubectlReadyBarrier');
    acknowledgeLint(
      cluster,
      'W9009',
      `${names.cluster}: EKS takes no other value for what is encrypted than its default`,
    );
    if (apiAccess.kind === 'public') {
      acknowledge(
        cluster,
        'EKS1',
        `${names.cluster}: cluster.apiAccess opens the API server to ${apiAccess.cidrs.join(', ')} by word of the config`,
      );
    }
    return cluster;
  }

  #controlPlaneRole() {
    const { names } = this.plan;
    const principal = new ServicePrincipal('eks.amazonaws.com');
    return namedRole(
      this,
      'control-plane-role',
      names.role('control-plane'),
      `${names.prefix}: EKS`,
      principal,
      {
        awsPolicies: {
          AmazonEKSClusterPolicy: 'what the control plane needs changes with EKS, so that AWS keeps the list',
        },
      },
    );
  }

  /** Encrypts the Secrets of Kubernetes; without it they can't be read again. */
  #key(): Key {
    return new Key(this, 'key', {
      alias: `${this.plan.names.prefix}-cluster`,
      description: `${this.plan.names.prefix}: Secrets of Kubernetes`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  /** Made before EKS would make it, so that it does not keep logs for ever. */
  #logGroup(): LogGroup {
    return new LogGroup(this, 'logs', {
      logGroupName: `/aws/eks/${this.plan.names.cluster}/cluster`,
      retention: retentionOf(this.plan.config.cluster.logDays),
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  #admins(): void {
    for (const [index, principal] of this.plan.config.cluster.admins.entries()) {
      new eks.AccessEntry(this, `admin-${index}`, {
        cluster: this.cluster,
        principal,
        accessPolicies: [
          eks.AccessPolicy.fromAccessPolicyName('AmazonEKSClusterAdminPolicy', {
            accessScopeType: eks.AccessScopeType.CLUSTER,
          }),
        ],
      });
    }
  }

  /** The roles themselves are made beside what they open; they must be there before. */
  #podIdentities(): void {
    for (const { workload, role, pod } of this.plan.access) {
      if (pod === undefined) continue;
      new CfnPodIdentityAssociation(this, `pod-identity-${workload}`, {
        clusterName: this.cluster.clusterName,
        namespace: pod.namespace,
        serviceAccount: pod.serviceAccount,
        roleArn: this.roleArn(role),
      });
    }
  }
}

/** One of the two ranges that EKS itself would choose: the one that the VPC does not use. */
function serviceCidrBeside(vpcCidr: string): string {
  const [preferred, other] = ['172.20.0.0/16', '10.100.0.0/16'];
  const [vpc, services] = [vpcCidr, preferred].map(parseCidr);
  const overlap = vpc && services && (contains(vpc, services) || contains(services, vpc));
  return overlap ? other : preferred;
}
