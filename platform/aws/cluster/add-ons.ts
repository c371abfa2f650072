import { CfnAddon } from 'aws-cdk-lib/aws-eks';
import type { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import type { Construct, IDependable } from 'constructs';
import { ADD_ON_VERSIONS, ADD_ONS, type AddOn } from '../../config/index.js';
import { type ClusterPlan, PLATFORM_TAG } from '../../plan/index.js';
import { podRole } from '../roles.js';

interface AddOnSetup {
  readonly settings?: object;
  /** Account in kube-system that gets a role, and the policy of AWS that the role has. */
  readonly access?: { readonly serviceAccount: string; readonly policy: string; readonly why: string };
  /** Whether nodes wait for it. Else it waits for nodes. */
  readonly beforeNodes: boolean;
}

function setupOf({ names }: ClusterPlan): Readonly<Record<AddOn, AddOnSetup>> {
  return {
    'vpc-cni': {
      beforeNodes: true,
      settings: {
        enableNetworkPolicy: 'true',
        env: { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' },
      },
      access: {
        serviceAccount: 'aws-node',
        policy: 'AmazonEKS_CNI_Policy',
        why: 'what the CNI needs changes with its version, so that AWS keeps the list',
      },
    },
    'kube-proxy': { beforeNodes: true },
    'eks-pod-identity-agent': { beforeNodes: true },
    coredns: { beforeNodes: false },
    'aws-ebs-csi-driver': {
      beforeNodes: false,
      settings: { controller: { extraVolumeTags: { [PLATFORM_TAG]: names.prefix } } },
      access: {
        serviceAccount: 'ebs-csi-controller-sa',
        policy: 'service-role/AmazonEBSCSIDriverPolicy',
        why: 'volumes get their ids when pods ask for them; the policy goes by the tag of the driver',
      },
    },
    'metrics-server': { beforeNodes: false },
  };
}

export interface AddOnsProps {
  readonly plan: ClusterPlan;
  readonly cluster: ICluster;
}

/** Add-ons that EKS keeps, in pinned versions. Returns a function that tells nodes and add-ons who waits for whom. */
export function addOns(scope: Construct, { plan, cluster }: AddOnsProps) {
  const setups = setupOf(plan);
  const made = ADD_ONS.map(name => ({ name, addOn: addOn(scope, plan, cluster, name, setups[name]) }));
  return {
    order(nodes: readonly (IDependable & Construct)[]): void {
      for (const { name, addOn } of made) {
        if (!setups[name].beforeNodes) addOn.node.addDependency(...nodes);
        else for (const group of nodes) group.node.addDependency(addOn);
      }
    },
  };
}

function addOn(
  scope: Construct,
  plan: ClusterPlan,
  cluster: ICluster,
  name: AddOn,
  { settings, access }: AddOnSetup,
): CfnAddon {
  const role =
    access &&
    podRole(
      scope,
      plan,
      {
        workload: name,
        role: plan.names.role(name),
        pod: { namespace: 'kube-system', serviceAccount: access.serviceAccount },
      },
      { awsPolicies: { [access.policy]: access.why } },
    );
  return new CfnAddon(scope, `add-on-${name}`, {
    clusterName: cluster.clusterName,
    addonName: name,
    addonVersion: versionOf(plan, name),
    resolveConflicts: 'OVERWRITE',
    ...(settings && { configurationValues: JSON.stringify(settings) }),
    ...(role &&
      access && {
        podIdentityAssociations: [{ roleArn: role.roleArn, serviceAccount: access.serviceAccount }],
      }),
  });
}

function versionOf({ config: { cluster } }: ClusterPlan, name: AddOn): string {
  const version = cluster.addOnVersions[name] ?? ADD_ON_VERSIONS[cluster.kubernetesVersion]?.[name];
  if (version === undefined) throw new RangeError(`no ${name} for Kubernetes ${cluster.kubernetesVersion}`);
  return version;
}
