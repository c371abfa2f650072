import { Aws } from 'aws-cdk-lib';
import {
  type IManagedPolicy,
  type IPrincipal,
  ManagedPolicy,
  PolicyDocument,
  type PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ClusterPlan } from '../plan/index.js';
import { acknowledge, acknowledgeWildcards } from './acknowledge.js';

/** What a role may do, and why it can't be said more narrowly. */
export interface Permissions {
  readonly statements?: readonly PolicyStatement[];
  /** Why resources among the statements hold a wildcard. @default - none does */
  readonly wildcards?: string;
  /** Policies that AWS keeps, by name, each with the reason to take it. @default - none */
  readonly awsPolicies?: Readonly<Record<string, string>>;
  /** Policies of our own. @default - none */
  readonly policies?: readonly IManagedPolicy[];
}

/** A role with a name by plan. */
export function namedRole(
  scope: Construct,
  id: string,
  name: string,
  description: string,
  assumedBy: IPrincipal,
  { statements = [], wildcards, awsPolicies = {}, policies = [] }: Permissions,
): Role {
  const role = new Role(scope, id, {
    roleName: name,
    description,
    assumedBy,
    managedPolicies: [
      ...Object.keys(awsPolicies).map(policy =>
        ManagedPolicy.fromManagedPolicyArn(scope, `${id}-${policy}`, awsPolicyArn(policy)),
      ),
      ...policies,
    ],
    ...(statements.length > 0 && {
      inlinePolicies: { permissions: new PolicyDocument({ statements: [...statements] }) },
    }),
  });
  if (wildcards !== undefined) acknowledgeWildcards(role, statements, name, wildcards);
  for (const [policy, reason] of Object.entries(awsPolicies)) {
    acknowledge(role, `IAM4[Policy::${awsPolicyArn(policy)}]`, `${name}: ${reason}`);
  }
  return role;
}

interface PodAccess {
  readonly workload: string;
  readonly role: string;
  /** Absent for what runs outside of the cluster. */
  readonly pod?: { readonly namespace: string; readonly serviceAccount: string };
}

/**
 * The role that a pod gets by Pod Identity. Only the pods of this service account in this cluster can take it: EKS
 * sends cluster, namespace and service account as session tags.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
export function podRole(
  scope: Construct,
  { names }: ClusterPlan,
  { workload, role, pod }: PodAccess,
  permissions: Permissions,
): Role {
  if (pod === undefined) throw new RangeError(`${workload} has no pods`);
  const principal = new ServicePrincipal('pods.eks.amazonaws.com', {
    conditions: {
      StringEquals: {
        'aws:SourceAccount': Aws.ACCOUNT_ID,
        'aws:RequestTag/eks-cluster-name': names.cluster,
        'aws:RequestTag/kubernetes-namespace': pod.namespace,
        'aws:RequestTag/kubernetes-service-account': pod.serviceAccount,
      },
    },
  }).withSessionTags();
  return namedRole(
    scope,
    `${workload}-role`,
    role,
    `${names.prefix}: ${workload}, by Pod Identity`,
    principal,
    permissions,
  );
}

function awsPolicyArn(name: string): string {
  return `arn:aws:iam::aws:policy/${name}`;
}
