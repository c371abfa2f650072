import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

type Tags = Readonly<Record<string, string>>;

export interface EC2NodeClassProps {
  readonly name: string;
  /** `al2023@latest`, or with a version: `al2023@v20260801`. */
  readonly imageAlias: string;
  readonly instanceProfile: string;
  /** Subnets with all of these tags. */
  readonly subnetTags: Tags;
  /** Security groups with all of these tags. */
  readonly securityGroupTags: Tags;
  readonly rootDiskGiB: number;
  /** Tags of instances, volumes and network interfaces. */
  readonly tags: Tags;
}

/** How Karpenter's nodes start, as the other nodes do: IMDSv2 that pods can't reach, an encrypted gp3 root. */
export class EC2NodeClass extends ApiObject {
  constructor(scope: Construct, id: string, props: EC2NodeClassProps) {
    super(scope, id, {
      apiVersion: 'karpenter.k8s.aws/v1',
      kind: 'EC2NodeClass',
      metadata: { name: props.name },
      spec: {
        amiSelectorTerms: [{ alias: props.imageAlias }],
        instanceProfile: props.instanceProfile,
        subnetSelectorTerms: [{ tags: props.subnetTags }],
        securityGroupSelectorTerms: [{ tags: props.securityGroupTags }],
        associatePublicIPAddress: false,
        metadataOptions: {
          httpEndpoint: 'enabled',
          httpProtocolIPv6: 'disabled',
          httpPutResponseHopLimit: 1,
          httpTokens: 'required',
        },
        blockDeviceMappings: [
          {
            deviceName: '/dev/xvda',
            rootVolume: true,
            ebs: {
              volumeSize: `${props.rootDiskGiB}Gi`,
              volumeType: 'gp3',
              encrypted: true,
              deleteOnTermination: true,
            },
          },
        ],
        tags: props.tags,
      },
    });
  }
}

export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values: readonly string[];
}

/** How many nodes may go at once. */
export interface DisruptionBudget {
  /** A number, or a share: `10%`. */
  readonly nodes: string;
  readonly reasons: readonly ('Empty' | 'Underutilized' | 'Drifted')[];
}

export interface NodePoolProps {
  readonly name: string;
  /** Name of an EC2NodeClass. */
  readonly nodeClass: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: 'NoSchedule' }[];
  readonly requirements: readonly Requirement[];
  /** CPUs of all its nodes together. */
  readonly maxCpu: number;
  /** The pool with the highest weight is tried first. */
  readonly weight: number;
  /** Age at which a node is replaced. */
  readonly expireAfter: string;
  /** How long a drain may take before what blocks it is overruled. */
  readonly terminationGracePeriod: string;
  readonly consolidateAfter: string;
  readonly budgets: readonly DisruptionBudget[];
}

/** Nodes that Karpenter may make, and how it may take them away. */
export class NodePool extends ApiObject {
  constructor(scope: Construct, id: string, props: NodePoolProps) {
    super(scope, id, {
      apiVersion: 'karpenter.sh/v1',
      kind: 'NodePool',
      metadata: { name: props.name },
      spec: {
        weight: props.weight,
        limits: { cpu: String(props.maxCpu) },
        disruption: {
          consolidationPolicy: 'WhenEmptyOrUnderutilized',
          consolidateAfter: props.consolidateAfter,
          budgets: props.budgets,
        },
        template: {
          metadata: { labels: props.labels },
          spec: {
            nodeClassRef: { group: 'karpenter.k8s.aws', kind: 'EC2NodeClass', name: props.nodeClass },
            requirements: props.requirements,
            ...(props.taints.length > 0 && { taints: props.taints }),
            expireAfter: props.expireAfter,
            terminationGracePeriod: props.terminationGracePeriod,
          },
        },
      },
    });
  }
}
