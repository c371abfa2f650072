/** Codes of platform.yaml: what cannot be read, and what cannot work. */
export const CONFIG_CODES = {
  ConfigNotFound: {
    means: 'there is no platform.yaml where the command looked for it',
    fix: 'run it in the folder of platform.yaml, or pass --config FILE',
  },
  FileUnreadable: {
    means:
      'what is named can not be read to its end: a device, a socket, a pipe that nobody writes to, or a disk that fails',
    fix: 'name a regular file, or a pipe that somebody writes to: <(command), or /dev/stdin',
  },
  NotUtf8: {
    means: 'a file is saved in another encoding than UTF-8, so that its letters would be read as others',
    fix: 'save it as UTF-8: the editor offers it beside "save as", or iconv does',
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
  PartitionUnsupported: {
    means:
      'the region is in China, GovCloud, an isolated or a sovereign partition, which the kit does not build for',
    fix: 'choose a region of the partition aws',
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
  DomainTooLong: {
    means: 'the domain is longer than the common name of a public certificate may be',
    fix: 'choose a shorter domain, or bring a certificate that has it among its other names: dns.kind: external',
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
    means:
      'the CA does not sign certificates that are valid for so long, or they would outlive the intermediate that signed them',
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
  Http01Unanswered: {
    means:
      "Let's Encrypt would ask port 80 of a name, and no name of this platform that needs its certificate answers there",
    fix: 'use tls.issuer.solver: dns01',
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
} as const satisfies Record<string, { readonly means: string; readonly fix: string }>;
