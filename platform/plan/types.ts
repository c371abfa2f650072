/** Who takes part: a process of ours, or somebody outside that dials or is dialled. */
export interface Workload {
  /** Unique in the plan: `broker`, `transcriber`. */
  readonly name: string;
  /**
   * - `pulsar`: a Pulsar component
   * - `service`: a demo service
   * - `client`: a role of the user's own
   * - `backing`: what services use: object store, speech
   * - `edge`: load balancers and the ingress controller
   * - `operator`: what runs the cluster: cert-manager, Prometheus
   * - `person`: a human or a tool in a human's hands, outside the platform
   */
  readonly kind: 'pulsar' | 'service' | 'client' | 'backing' | 'edge' | 'operator' | 'person';
  readonly does: string;
  /** Where it runs in the cluster. Absent for what is outside, and on the local target. */
  readonly pods?: Pods;
  /** Workload whose certificate it presents. @default - its own */
  readonly presents?: string;
}

/** The pods of a workload, in the cluster. */
export interface Pods {
  readonly namespace: string;
  /** Labels that these pods have and no others. */
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
}

export type Protocol =
  | 'pulsar+ssl'
  | 'https'
  | 'wss'
  | 'bookkeeper+tls'
  | 'zookeeper+tls'
  | 'zookeeper-quorum+tls'
  | 'zookeeper-election+tls'
  | 'postgres+tls';

/** Something that listens. */
export interface Endpoint {
  /** `<workload>/<protocol>`, unique in the plan. */
  readonly id: string;
  readonly workload: string;
  /** Every name under which it is dialled; its certificate holds exactly these. The first one is for URLs. */
  readonly hostnames: readonly string[];
  /** TCP port; 0 where a free one is chosen when it starts. */
  readonly port: number;
  /** Port on which its pods listen, behind their Service. @default - the same */
  readonly listens?: number;
  readonly protocol: Protocol;
  /** `mutual`: the dialler must present a certificate; `server`: only the endpoint does. */
  readonly tls: 'mutual' | 'server';
  /** Path of its URL. @default - none */
  readonly path?: string;
}

/** One edge of the dial graph: who dials whom, as whom, and why. A connection that is not here does not exist. */
export interface Dial {
  readonly from: string;
  /** Id of an endpoint. */
  readonly to: string;
  /** The identity that authorises it: a Pulsar role, or the name of a credential. */
  readonly as: string;
  readonly why: string;
  /** Workload that passes the connection on by its name (SNI); TLS does not end there. @default - none */
  readonly through?: string;
}

/** A listener without TLS that an upstream part can't close, and what keeps others away from it. */
export interface PlainListener {
  readonly workload: string;
  readonly port: number;
  readonly why: string;
  readonly fencedBy: string;
  /** Workloads that the fence lets through. @default - none */
  readonly dialledBy?: readonly string[];
  /** Whether kubelet probes it. @default false */
  readonly probed?: boolean;
}

export interface CertificateRequest {
  readonly workload: string;
  readonly commonName: string;
  /** DNS names: exactly those under which the workload is dialled, sorted. Empty for a workload that only dials. */
  readonly dnsNames: readonly string[];
  readonly usages: readonly ('server auth' | 'client auth')[];
  readonly algorithm: KeyAlgorithm;
  readonly durationSeconds: number;
  /** Kubernetes Secret that holds it. Absent on the local target. */
  readonly secret?: { readonly namespace: string; readonly name: string };
  /** `pulsar-chart`: the Pulsar chart asks for it, with further names of its own. @default 'kit' */
  readonly askedBy?: 'kit' | 'pulsar-chart';
  /** OU of the subject: BookKeeper reads the roles of a client from it. @default - none */
  readonly organizationalUnits?: readonly string[];
}

export type KeyAlgorithm = 'ecdsa-p256' | 'rsa-2048' | 'rsa-3072' | 'rsa-4096';

export interface Topic {
  /** `persistent://tenant/namespace/topic` */
  readonly name: string;
  /** What the plan and the services call it: `audio`, `audio-dead-letters`. */
  readonly alias: string;
  /** 0: not partitioned. */
  readonly partitions: number;
  /** Alias of the topic whose failed messages end here. */
  readonly deadLettersOf?: string;
}

export interface Namespace {
  /** `tenant/namespace` */
  readonly name: string;
  readonly retention: { readonly seconds: number; readonly sizeMiB: number };
  /** Topics after which another one is refused. @default - no limit */
  readonly maxTopics?: number;
  /** Whether a topic comes into being with the first who uses it. @default false */
  readonly onDemand?: boolean;
}

/** A Pulsar role (the `sub` of a token) and all that it may do. */
export interface Role {
  readonly name: string;
  readonly superUser: boolean;
  /** Topic aliases. */
  readonly produces: readonly string[];
  readonly consumes: readonly Subscription[];
  /** `tenant/namespace` in which it may use every topic. @default - none */
  readonly everywhereIn?: readonly string[];
}

export interface Subscription {
  /** Topic alias. */
  readonly topic: string;
  readonly name: string;
  readonly type: 'Exclusive' | 'Failover' | 'Shared' | 'Key_Shared' | 'Reader';
}

export interface Bucket {
  /** What the plan and the services call it: `audio`. */
  readonly alias: string;
  readonly name: string;
}

/** What a service does with topics and buckets: its env, its grants and its dials follow from this. */
export interface ServicePlan {
  readonly name: string;
  readonly does: string;
  readonly produces: readonly string[];
  readonly consumes: readonly Subscription[];
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  readonly transcribes: boolean;
  /** Whether it keeps a database: a file on a disk of its own, or a PostgreSQL server. @default false */
  readonly database?: boolean;
  /** Secrets besides its token, certificate and credentials: `session-key`. @default - none */
  readonly secrets?: readonly string[];
  /** Variables of its environment that the config decides. @default - none */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Who dials whom. */
export interface Graph {
  readonly workloads: readonly Workload[];
  readonly endpoints: readonly Endpoint[];
  readonly dials: readonly Dial[];
  readonly plainListeners: readonly PlainListener[];
}

/** The whole platform as one immutable value. Every layer is a function of it. */
export interface Plan extends Graph {
  readonly name: string;
  readonly region: string;
  readonly target: 'local' | 'cluster';
  readonly certificates: readonly CertificateRequest[];
  readonly tenants: readonly string[];
  readonly namespaces: readonly Namespace[];
  readonly topics: readonly Topic[];
  readonly roles: readonly Role[];
  readonly buckets: readonly Bucket[];
  readonly services: readonly ServicePlan[];
}
