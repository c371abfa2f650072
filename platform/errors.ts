import { CERTIFICATE_CODES } from './codes/certificates.js';
import { CHECK_CODES } from './codes/checks.js';
import { CLUSTER_CODES } from './codes/cluster.js';
import { DELIVERY_CODES } from './codes/delivery.js';
import { OPERATION_CODES } from './codes/operations.js';

/**
 * Every error code of the kit, with what it means and what helps. Codes are API: wording may change, a code may
 * not. `docs/errors.md` is generated from this table (`npm run docs`).
 */
export const CODES = {
  // config
  ConfigNotFound: {
    means: 'there is no platform.yaml where the command looked for it',
    fix: 'run it in the folder of platform.yaml, or pass --config FILE',
  },
  ConfigSyntax: {
    means: 'the file is not valid YAML',
    fix: 'mend the YAML at the line and column named',
  },
  ConfigUnknownKey: {
    means: 'the config has a key that the kit does not know; it would silently do nothing',
    fix: 'remove the key, or spell it as suggested',
  },
  ConfigMissing: {
    means: 'a required value is missing',
    fix: 'add the value',
  },
  ConfigInvalid: {
    means: 'a value has the wrong type, form or range',
    fix: 'change the value to what is wanted',
  },
  ConfigUnknownEnvironment: {
    means: 'the environment that was asked for is not under `environments` in platform.yaml',
    fix: 'name an environment that the config has',
  },
  RegionUnknown: {
    means: 'the kit does not know the zones of this AWS region',
    fix: 'spell the region as AWS does, or name its zones under network.zones',
  },
  ZoneNotInRegion: {
    means: 'an availability zone is not one of the region',
    fix: 'name zones that the region has',
  },
  ZoneNotInNetwork: {
    means: 'a tier of nodes names a zone in which the network has no subnet',
    fix: 'name zones of network.zones',
  },
  ZoneTwice: {
    means: 'an availability zone is named twice, so that two subnets would share its fate',
    fix: 'name each zone once',
  },
  CidrUnfit: {
    means:
      'the network has too few addresses for the nodes and pods of the plan, or more than a VPC may have',
    fix: 'choose a network of the size wanted, such as 10.0.0.0/16',
  },
  CidrPublic: {
    means: 'the network uses addresses that belong to others on the internet',
    fix: 'choose a network inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10',
  },
  NatInOneZone: {
    means: 'a platform that shall survive the loss of a zone has one NAT gateway, in one zone',
    fix: 'set network.nat: perZone, or pulsar.survives: node',
  },
  NameTooLong: {
    means: 'a name that is made from the name of the platform and its environment exceeds a limit of AWS',
    fix: 'choose a shorter name',
  },
  ApiOpenToWorld: {
    means: 'the Kubernetes API server answers to the whole internet',
    fix: 'list your own networks under cluster.apiAccess.cidrs, or set kind: private',
  },
  ClusterWithoutAdmin: {
    means: 'nobody is an admin of the cluster that would be made',
    fix: 'name who applies in cluster.admins, or leave cluster.creatorAdmin: true',
  },
  KubernetesNotOffered: {
    means: 'EKS no longer offers this Kubernetes version, or not yet',
    fix: 'choose a version that is offered',
  },
  KubernetesExtendedSupport: {
    means:
      'the Kubernetes version is in extended support, at six times the price of the control plane, or soon will be',
    fix: 'choose a newer version; a running cluster goes up one minor version at a time',
  },
  InstanceTypeUnknown: {
    means:
      'the kit cannot tell CPUs, memory and architecture of this instance type, so it cannot check what fits on it',
    fix: 'choose a type of a family that the kit knows',
  },
  InstanceArchitecture: {
    means:
      'an instance type has another CPU architecture than the platform; its nodes could not run the images',
    fix: 'choose a type of the architecture wanted',
  },
  BoundsReversed: {
    means: 'a lower bound is above its upper bound',
    fix: 'exchange them',
  },
  StatefulTierTooSmall: {
    means: 'pods with a disk could not be placed, since no two of a kind may share a node',
    fix: 'add nodes to each zone (nodes.stateful.perZone), or ask for fewer pods',
  },
  StatefulNodeTooSmall: {
    means: 'the pods that share a stateful node ask for more than the node has left',
    fix: 'choose a larger nodes.stateful.instanceType, or smaller pods',
  },
  PodLargerThanNode: {
    means: 'a pod asks for more than a whole node has left for pods, so that it would stay pending',
    fix: 'choose a larger instance type, or a smaller pod',
  },
  QuorumDisordered: {
    means: 'BookKeeper needs ack <= write <= ensemble',
    fix: 'put the three numbers in order',
  },
  BookiesFewerThanEnsemble: {
    means: 'there are fewer bookies than a ledger is spread over, so that no message could be stored',
    fix: 'add bookies, or make the ensemble smaller',
  },
  ZooKeeperEven: {
    means: 'an even number of ZooKeepers survives no more losses than one fewer does',
    fix: 'choose an odd number',
  },
  OxiaPlaintext: {
    means: 'the Pulsar chart has no TLS for Oxia, so that metadata crosses the network in plain',
    fix: 'choose zookeeper, or say plaintext: accepted beside kind: oxia',
  },
  LossNotSurvived: {
    means: 'reads or writes would stop after a loss that the config promises to survive',
    fix: 'add what is missing, or promise less under pulsar.survives',
  },
  JvmExceedsMemory: {
    means:
      'Java heap, direct memory and the JVM itself need more than the limit of the pod: it would be killed',
    fix: 'raise memoryMiB, or lower heapMiB or directMiB',
  },
  NamedTwice: {
    means: 'two tenants, namespaces, topics or roles have the same name',
    fix: 'name each once',
  },
  RoleReserved: {
    means: 'a role has a name that the platform uses for itself',
    fix: 'choose another name',
  },
  RoleUseless: {
    means: 'a role may neither produce nor consume, so that its token opens nothing',
    fix: 'grant it topics, or remove it',
  },
  TopicUnknown: {
    means: 'a role uses a topic that is not declared; topics are never created by themselves',
    fix: 'declare the topic under pulsar.tenants, or spell it as declared',
  },
  NamespaceTooLarge: {
    means: 'a namespace may have more topics than ZooKeeper can list in one answer',
    fix: 'lower the number, spread the topics over several namespaces, or take Oxia for pulsar.metadata',
  },
  TopicsBeyondPulsar: {
    means: 'all namespaces together may have more topics than ZooKeeper has been seen to hold',
    fix: 'lower the numbers, take Oxia for pulsar.metadata, or make a second platform for the others',
  },
  ClientsBeyondStack: {
    means: 'there are more roles, each with a secret of its own, than one CloudFormation stack has resources',
    fix: 'set secrets.kind to parameterStore or sops, or give each group of customers a platform of its own',
  },
  TenancyClientUnknown: {
    means: 'the topics of the users are to be used by a role that is not there',
    fix: 'add the role under pulsar.roles, or spell it as declared',
  },
  EntranceMissing: {
    means: 'somebody dials through an entrance that the config switches off',
    fix: 'switch the entrance on, or let the role dial from the cluster',
  },
  LeafTooLongForCa: {
    means: 'the CA does not sign certificates that are valid for so long',
    fix: 'shorten tls.leafDuration, or choose another mode of the CA',
  },
  LeafTooShort: {
    means: 'the certificates would be valid for less time than cert-manager accepts',
    fix: 'lengthen tls.leafDuration',
  },
  RenewBeforeUnfit: {
    means: 'certificates would be renewed before they begin, or too late for a retry',
    fix: 'leave tls.renewBefore out, or choose it between 5 minutes and the life of a leaf',
  },
  IssuerArnMissing: {
    means: 'the mode of the issuer needs the ARN of a CA that exists',
    fix: 'give tls.issuer.arn, or choose a mode that makes a CA',
  },
  IssuerArnUnused: {
    means: 'the issuer names a CA that its mode would not use',
    fix: 'remove tls.issuer.arn, or set mode: existing or subordinate',
  },
  IssuerElsewhere: {
    means: 'the private CA is in another region than the platform; its issuer asks only in its own',
    fix: 'name a CA of the same region',
  },
  CaCannotSignAuthorities: {
    means: 'a CA in short-lived mode cannot sign an intermediate authority',
    fix: 'name a general-purpose CA as the parent',
  },
  LetsEncryptNeedsRoute53: {
    means: "Let's Encrypt is asked by DNS-01, which needs a zone in Route 53",
    fix: 'set dns.kind: existingZone or newZone, or choose another issuer',
  },
  IngressNginxRetired: {
    means: 'ingress-nginx is retired: nobody mends its security holes any more',
    fix: 'set entrances.http.kind: nginx (F5, maintained) or gateway',
  },
  GatewayUnsupported: {
    means: 'the Gateway API implementation is not made for this Kubernetes version',
    fix: 'choose a Kubernetes version that it supports, or entrances.http.kind: nginx',
  },
  EntranceOpenToWorld: {
    means: 'an entrance that should not be is open to the whole internet',
    fix: 'list your own networks',
  },
  WebSocketUnserved: {
    means: "the entrance for Pulsar's WebSocket API is open, and nobody serves that API",
    fix: 'set pulsar.websocket: proxy or broker, or entrances.http.websocket: false',
  },
  WafInside: {
    means: 'a web application firewall stands before a load balancer that no stranger reaches',
    fix: 'set entrances.http.waf: false',
  },
  BacklogAbsent: {
    means: 'a service is to be scaled by a backlog that it does not have',
    fix: 'set scaling.kind: cpu or fixed',
  },
  // charts
  ChartValueUnknown: {
    means: 'a value has a key that the Helm chart does not know; Helm would swallow it in silence',
    fix: 'remove the key, or spell it as suggested',
  },
  ChartValueType: {
    means: 'a value has another type than the Helm chart expects',
    fix: 'change the value to what is wanted',
  },
  ChartValueDead: {
    means: "a value stands in the Helm chart's own file, but no template reads it",
    fix: 'remove the value',
  },
  ChartValueTwice: {
    means: 'a key is written by the Helm chart itself, so that it would stand twice in one object',
    fix: 'remove the key',
  },
  HardeningUndone: {
    means: 'an override of the Pulsar chart opens a hole that the generated values close',
    fix: 'remove the override',
  },
  // the AWS side
  BillInvalid: {
    means: 'a file that should hold an earlier bill is neither one nor a config',
    fix: 'give a file that `platform cost --json` printed, or another platform.yaml',
  },
  UsageUnknown: {
    means: 'a usage is given that no line of the bill goes by',
    fix: 'give one of those that are listed',
  },
  PriceUnknown: {
    means: 'the kit has no list price for a region or an instance type, and does not guess one',
    fix: 'choose a region and types that it has prices for; a budget can be given as watch.budgetUsd',
  },
  TemplateInvalid: {
    means: 'CloudFormation would refuse a template that the kit made, or warns of it',
    fix: 'report it with the config that leads to it; --no-validate writes the templates all the same',
  },
  // the local target
  DiskFull: {
    means: 'there is no space left on the disk',
    fix: 'free some space on the disk that holds the path named, then run the same command again',
  },
  FileNotWritable: {
    means: 'a file or folder can not be read or written by this user',
    fix: 'give it back to this user (chown -R), or choose another folder with --state DIR',
  },
  JavaMissing: {
    means: 'there is no Java runtime of version 17 or newer, which the broker and the object store run on',
    fix: 'npm run setup (or set JAVA_HOME to a newer one)',
  },
  LocalNotRunning: {
    means: 'the local platform is not running',
    fix: 'platform local up',
  },
  TrafficFailed: {
    means: 'the traffic could not use the broker or the store',
    fix: 'docs/errors.md explains the code that was seen, under "The demo services"',
  },
  LessonFailed: {
    means: 'a consumer of the lesson ended though nobody had killed it',
    fix: 'read what it said last; platform local status shows whether the broker is well',
  },
  RebuildFailed: {
    means: 'the thread service did not rebuild its view',
    fix: 'platform local logs thread',
  },
  LogNotFound: {
    means: 'no process of that name has written a log',
    fix: 'name one of those that are listed',
  },
  NotBuilt: {
    means: 'the TypeScript sources are not compiled to dist/',
    fix: 'npm run setup',
  },
  PartMissing: {
    means: 'a part of the local platform is not installed on this machine',
    fix: 'npm run setup',
  },
  PartFailed: {
    means: 'a process of the local platform ends again and again, or does not become ready',
    fix: 'read the log that the message names; platform local reset begins anew with empty data',
  },
  PortBusy: {
    means: 'a port that the config asks for is in use by another program',
    fix: 'stop that program, or change the port under local.ports (0 takes a free one)',
  },
  StateBusy: {
    means: 'another command is working on the same local platform',
    fix: 'wait for that command to end, then run this one again',
  },
  StateFolderForeign: {
    means: 'the folder for the state of the local platform holds something else; the kit does not touch it',
    fix: 'choose an empty folder with --state DIR',
  },
  // set-up; scripts/bootstrap.mjs, which runs before anything is installed, spells its own
  BuildFailed: {
    means: 'the sources do not compile',
    fix: 'mend what the compiler says',
  },
  ChecksumMismatch: {
    means: 'a downloaded file is damaged or is not the one that the kit was tested with',
    fix: 'check the mirror or proxy between here and the repository, remove the file from its cache, run again',
  },
  NodeTooOld: {
    means: 'this version of Node is older than the kit supports',
    fix: 'install a newer Node: https://nodejs.org/en/download',
  },
  PackagesFailed: {
    means: 'the npm packages of package-lock.json could not be installed',
    fix: 'check the network and the registry of .npmrc, then run again',
  },
  DownloadFailed: {
    means: 'a part of the local platform could not be downloaded or unpacked',
    fix: 'check the network (and the proxy or mirror in ~/.m2/settings.xml), then run again; it resumes',
  },
  PrerequisiteMissing: {
    means: 'a program that the set-up needs is not installed, and the set-up may not install it itself',
    fix: 'install the packages that are listed, then run again',
  },
  // Pulsar administration
  AdminRefused: {
    means: "Pulsar's admin API refused a request",
    fix: 'read the reason in the message; the role of the token must be a super user',
  },
  AdminUnreachable: {
    means: "Pulsar's admin API did not answer over verified TLS",
    fix: 'check that the broker runs (platform local status) and that its certificate is trusted',
  },
  // the object store
  StoreUnreachable: {
    means: 'the object store did not answer over verified TLS, or refused the request',
    fix: 'check that the store runs (platform local status) and that its certificate is trusted',
  },
  // plans and artifacts
  ...CHECK_CODES,
  // certificates, and the endpoints that serve them
  ...DELIVERY_CODES,
  ...CERTIFICATE_CODES,
  // a Kubernetes cluster
  ...CLUSTER_CODES,
  // looking after what runs
  ...OPERATION_CODES,
  // the program
  Internal: {
    means: 'a defect of the kit itself',
    fix: 'run the command again with --debug and report the stack it prints',
  },
  Interrupted: {
    means: 'the command was interrupted by a signal; what it had begun was left resumable',
    fix: 'run the same command again',
  },
  Timeout: {
    means: 'something did not become ready in time',
    fix: 'read the log that the message names, then run the command again',
  },
} as const satisfies Record<string, { readonly means: string; readonly fix: string }>;

export type Code = keyof typeof CODES;

/** Where a finding points: a file with line and column (1-based), or a path inside a document. */
export interface Where {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Path inside the document, dotted: `pulsar.broker.replicas`. */
  readonly path?: string;
}

/** Something that is wrong or doubtful, as a value. Rooms return findings; only the CLI prints them. */
export interface Finding {
  readonly code: Code;
  readonly severity: 'error' | 'warning' | 'info';
  readonly message: string;
  readonly where?: Where;
  readonly saw?: string;
  readonly want?: string;
  readonly fix: string;
  /** Where the knowledge comes from: an upstream issue, a documentation page. */
  readonly source?: string;
}

export interface FindingDetails {
  readonly severity?: Finding['severity'];
  readonly where?: Where;
  readonly saw?: unknown;
  readonly want?: string;
  readonly fix?: string;
  readonly source?: string;
}

/** Builds a finding; `fix` defaults to the one of its code. */
export function finding(code: Code, message: string, details: FindingDetails = {}): Finding {
  const { severity = 'error', where, saw, want, fix = CODES[code].fix, source } = details;
  return {
    code,
    severity,
    message,
    ...(where && { where }),
    ...(saw !== undefined && { saw: typeof saw === 'string' ? saw : JSON.stringify(saw) }),
    ...(want !== undefined && { want }),
    fix,
    ...(source !== undefined && { source }),
  };
}

export interface PlatformErrorInfo {
  /** What it is about: a file, an endpoint, a path in the config. */
  readonly where?: string;
  readonly saw?: string;
  readonly want?: string;
  /** @default - the fix of the code */
  readonly fix?: string;
  readonly cause?: unknown;
  /** Findings that together are the reason, e.g. every mistake in a config. */
  readonly findings?: readonly Finding[];
  /** Whether nothing was changed before the error: exit code 2 instead of 1. @default false */
  readonly refused?: boolean;
}

/** An error that a user can act on: a stable code, what, where, seen, wanted, and the fix. Printed without a stack. */
export class PlatformError extends Error {
  readonly code: Code;
  readonly where: string | undefined;
  readonly saw: string | undefined;
  readonly want: string | undefined;
  readonly fix: string;
  readonly findings: readonly Finding[];
  readonly refused: boolean;

  constructor(code: Code, message: string, info: PlatformErrorInfo = {}) {
    super(message, info.cause === undefined ? undefined : { cause: info.cause });
    this.name = 'PlatformError';
    this.code = code;
    this.where = info.where;
    this.saw = info.saw;
    this.want = info.want;
    this.fix = info.fix ?? CODES[code].fix;
    this.findings = info.findings ?? [];
    this.refused = info.refused ?? false;
  }
}
