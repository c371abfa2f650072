import { BUCKETS, type BucketAlias, bucketName, type Config, prefixOf } from '../../config/index.js';

/** Namespaces of the cluster that the platform uses. */
export const NAMESPACES = {
  pulsar: 'pulsar',
  services: 'services',
  clients: 'clients',
  edge: 'edge',
  monitoring: 'monitoring',
  certManager: 'cert-manager',
  externalSecrets: 'external-secrets',
  karpenter: 'karpenter',
  keda: 'keda',
} as const;

/** Helm release of the Pulsar chart. The chart's own names begin with it, since it contains "pulsar". */
export const PULSAR_RELEASE = 'pulsar';

/** Workload, Service and account of the server of public keys. */
export const KEY_SERVER = 'keys';

/** Secret and ConfigMap that hold the trusted roots, in each namespace that dials: key `ca.crt`. */
export const TRUST_NAME = 'platform-trust';

/** Label of every node, and taint of the stateful and edge ones: its value is the tier. */
export const TIER_LABEL = 'platform/tier';

/** Issuer of the certificates inside the cluster, for every kind of authority. */
export const ISSUER_NAME = 'platform';

/** AWS tag of everything that the platform makes: its value is the prefix of all names. */
export const PLATFORM_TAG = 'platform';

/** Ports of the edge nodes that the load balancers send to. */
export const NODE_PORTS = { https: 30_443, pulsar: 30_651 } as const;

/** Kubernetes group of what delivers images, and the name under which it owns the field `image`, alone. */
export const DELIVERY_GROUP = 'platform:delivery';
export const DELIVERY_MANAGER = 'delivery';

export type ClusterNames = ReturnType<typeof clusterNames>;

/** Folder under that of SOPS whose files are Secrets of the cluster; what is beside it, no pod sees. */
export const SOPS_APPLIED = 'cluster';

/** Folder of the SOPS files of one environment: beside the config, and as seen from the root of the repository. */
export function sopsFolder({ config }: { readonly config: Config }): {
  readonly beside: string;
  readonly inRepository: string;
} {
  const { secrets } = config;
  if (secrets.kind !== 'sops') throw new RangeError('the secrets are in no files');
  const { folder, path = folder } = secrets;
  const of = (above: string) => `${above.replace(/\/+$/, '')}/${prefixOf(config)}`;
  return { beside: of(folder), inRepository: of(path) };
}

/** Every name that is made outside of the cluster, in one place: the same config gives the same names. */
export function clusterNames(config: Config) {
  const prefix = prefixOf(config);
  const { domain } = config;
  return {
    prefix,
    cluster: prefix,
    stack: (stack: string) => `${prefix}-${stack}`,
    /** IAM role of a workload. */
    role: (workload: string) => `${prefix}-${workload}`,
    bucket: (alias: BucketAlias) => bucketName(config, alias),
    buckets: BUCKETS.map(alias => ({ alias, name: bucketName(config, alias) })),
    /** ECR repository of a service. */
    repository: (service: string) => `${prefix}/${service}`,
    /** Name of a secret in its store; parameters begin with a slash. */
    secret: (id: string) => `${config.secrets.kind === 'parameterStore' ? '/' : ''}${prefix}/${id}`,
    /** IAM policy that lets nodes pull images. */
    pullPolicy: `${prefix}-pull-images`,
    /** Instance profile of the nodes that Karpenter makes. */
    karpenterProfile: `${prefix}-karpenter-node`,
    karpenterQueue: `${prefix}-karpenter`,
    /** Value of the tag `karpenter.sh/discovery` on subnets. */
    discovery: prefix,
    hosts: {
      web: domain,
      admin: `admin.${domain}`,
      grafana: `grafana.${domain}`,
      pulsar: `pulsar.${domain}`,
      /** The thread service, for web on Fargate: it is outside of the cluster's DNS. */
      thread: `thread.${domain}`,
    },
  };
}
