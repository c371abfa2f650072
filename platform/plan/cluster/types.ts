import type { BucketAlias, Config } from '../../config/index.js';
import type { Plan } from '../types.js';
import type { ClusterNames } from './names.js';

/** Which nodes a pod runs on: `stateful` and `edge` nodes are tainted, so that nothing else does. */
export type Tier = 'stateful' | 'stateless' | 'system' | 'edge' | 'every';

export interface Volume {
  readonly name: string;
  readonly sizeGiB: number;
  readonly storageClass: string;
}

/** A gp3 storage class: encrypted, bound to the zone of the first pod that uses it. */
export interface StorageClass {
  readonly name: string;
  readonly iops: number;
  readonly throughputMiB: number;
}

/** How large and how many. */
export interface Size {
  readonly workload: string;
  readonly tier: Tier;
  readonly replicas: { readonly min: number; readonly max: number };
  /** CPUs requested; there is no limit, since throttling costs more than it saves. */
  readonly cpu: number;
  /** MiB requested, and limit. */
  readonly memoryMiB: number;
  readonly jvm?: { readonly heapMiB: number; readonly directMiB: number };
  /** MiB of direct memory that each cache takes. */
  readonly caches?: Readonly<Record<string, number>>;
  readonly volumes: readonly Volume[];
  /** Pods that may be away at once for a drain or an upgrade. @default - no budget: a single pod can't keep one */
  readonly maxUnavailable?: number;
  /** `must`: no zone may hold two more than another, or the pod waits; `should`: the scheduler tries. */
  readonly zoneSpread: 'must' | 'should' | 'none';
  /** No two on one node. */
  readonly apart: boolean;
}

export interface NodeGroup {
  readonly name: string;
  readonly tier: Tier;
  readonly instanceType: string;
  readonly zones: readonly string[];
  readonly min: number;
  readonly max: number;
  /** Root volume: the system and container images. */
  readonly diskGiB: number;
  /** `managed`: an EKS node group; `scaling`: an Auto Scaling group of its own, which target groups can name. */
  readonly kind: 'managed' | 'scaling';
}

export interface NetworkPlan {
  readonly cidr: string;
  readonly zones: readonly {
    readonly name: string;
    readonly privateCidr: string;
    readonly publicCidr: string;
  }[];
  /** Zones with a NAT gateway. */
  readonly natZones: readonly string[];
}

/** What a workload may do in AWS, by Pod Identity (or as an ECS task). */
export interface AwsAccess {
  /** A workload of the graph; or `web-execution`: what ECS does to start a task of web. */
  readonly workload: string;
  readonly role: string;
  /** Absent for an ECS task. */
  readonly pod?: { readonly namespace: string; readonly serviceAccount: string };
  readonly grants: readonly AwsGrant[];
}

export type AwsGrant =
  | {
      readonly to: 'bucket';
      readonly bucket: BucketAlias;
      readonly may: readonly ('read' | 'write' | 'delete')[];
      /** Patterns of the keys that it reads, writes and deletes. @default - every key */
      readonly keys?: readonly string[];
    }
  | {
      readonly to: 'secrets';
      readonly names: readonly string[];
      /** @default 'read' */
      readonly may?: 'write';
    }
  | { readonly to: 'privateCa'; readonly may: 'issueLeaves' | 'issueIntermediate' }
  | { readonly to: 'hostedZone' }
  | { readonly to: 'karpenter' };

/** A secret value: where it is kept and which Kubernetes Secret shows it. The value itself is nowhere in a plan. */
export interface SecretPlan {
  readonly id: string;
  readonly what: string;
  /** Name in Secrets Manager or, with `/` before it, in Parameter Store; with SOPS its file follows from the target. */
  readonly storeName: string;
  /** `kit`: `platform secrets make` and `apply` write it; `user`: you do; `cluster`: external-secrets copies it from `source`. */
  readonly from: 'kit' | 'user' | 'cluster';
  /** Kubernetes Secret that it is copied from, and again whenever that changes. Only with `from: 'cluster'`. */
  readonly source?: { readonly namespace: string; readonly name: string; readonly key: string };
  /** The store holds it in Base64: it is no text. @default - it is text */
  readonly encoding?: 'base64';
  /** Kubernetes Secret that shows it, and nothing else. @default - none: only the operator uses it */
  readonly target?: { readonly namespace: string; readonly name: string; readonly key: string };
}

/** An entrance: how somebody outside reaches an endpoint inside. */
export interface Entrance {
  readonly name: 'http' | 'pulsar';
  /** `alb`: HTTPS ends here and begins again; `nlb`: TCP, TLS end to end; `service`: the same, by the cloud controller. */
  readonly kind: 'alb' | 'nlb' | 'service';
  readonly scheme: 'internal' | 'internet-facing';
  readonly hostnames: readonly string[];
  readonly port: number;
  /** Port on the edge nodes that the balancer sends to. */
  readonly nodePort: number;
  /** Workload that the balancer sends to. */
  readonly workload: string;
  readonly allow: readonly string[];
  readonly idleTimeoutSeconds: number;
}

/** One step of an installation; the next one begins when `until` holds. */
export interface Stage {
  readonly name: string;
  readonly installs: readonly string[];
  readonly until: string;
}

export interface ClusterPlan extends Plan {
  readonly target: 'cluster';
  readonly environment?: string;
  /** The resolved config, for settings that nothing is derived from. */
  readonly config: Config;
  readonly names: ClusterNames;
  readonly network: NetworkPlan;
  readonly nodeGroups: readonly NodeGroup[];
  readonly storageClasses: readonly StorageClass[];
  readonly sizes: readonly Size[];
  readonly access: readonly AwsAccess[];
  readonly secrets: readonly SecretPlan[];
  readonly entrances: readonly Entrance[];
  readonly stages: readonly Stage[];
}
