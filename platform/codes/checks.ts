/** Codes of what `platform check` finds in plans and artifacts, and of check, explain and init themselves. */
export const CHECK_CODES = {
  TlsOff: {
    means: 'nothing in the Pulsar cluster speaks TLS',
    fix: 'set tls.enabled and the switch of each component, with certificates of an issuer',
  },
  TlsHalf: {
    means: 'TLS is on, but a component has no TLS',
    fix: 'switch the component on too',
  },
  PlaintextEntrance: {
    means: 'the Pulsar proxy is reached from outside without TLS',
    fix: 'set tls.enabled and tls.proxy.enabled, or keep the Service of the proxy inside',
  },
  BrokerPlaintext: {
    means: 'brokers accept connections without TLS',
    fix: 'set broker.configData.brokerServicePort to an empty text, and tls.function_instance.enabled: true',
  },
  ProxyPlaintext: {
    means: 'proxies accept connections without TLS',
    fix: 'set proxy.configData.servicePort to an empty text',
  },
  BookiePlaintextWrites: {
    means: 'bookies have TLS and still write for clients without it',
    fix: 'set BookieAuthZFactory and authorizedRoles, and the role in the OU of the certificates of brokers, bookies and recovery',
  },
  RecoveryPlaintext: {
    means: 'autorecovery dials bookies without TLS',
    fix: 'give autorecovery TLS settings of its own, each with PULSAR_PREFIX_',
  },
  HostnameUnverified: {
    means: 'a hop inside the cluster does not verify the host name of whom it dials',
    fix: 'switch host-name verification on for each component',
  },
  BrokerClientPlaintext: {
    means: 'the client inside the brokers does not use TLS',
    fix: 'set brokerClientTlsEnabled and brokerClientTrustCertsFilePath',
  },
  WebSocketUnauthorized: {
    means: 'the WebSocket gateway of the proxy lets any valid token reach any topic',
    fix: 'switch authorization on in the proxy and tell it the metadata store, or serve WebSocket at the brokers',
  },
  HardeningWithoutEffect: {
    means: 'a setting looks like hardening and does nothing',
    fix: 'use the setting that is read instead',
  },
  ZooKeeperPlaintext: {
    means: 'ZooKeeper listens without TLS beside its TLS port',
    fix: 'take clientPort out of its configuration before it starts, and fence the port by NetworkPolicy',
  },
  ZooKeeperQuorumPlaintext: {
    means: 'ZooKeepers talk to each other without TLS',
    fix: 'set sslQuorum with key and trust store',
  },
  ZooKeeperQuorumStale: {
    means: 'ZooKeepers take no notice of a renewed certificate among themselves',
    fix: 'let them read a copy that is renamed into place when the mounted Secret has changed, or restart them in time',
  },
  ProxyWaitsPlaintext: {
    means: 'the proxy waits for the plain port of ZooKeeper before it starts',
    fix: 'set proxy.waitZookeeperTimeout: 0',
  },
  ClientCertificateNotAsked: {
    means: 'a token alone opens broker or proxy: no client certificate is asked for',
    fix: 'set tlsRequireTrustedClientCertOnConnect, and give the clients inside certificates',
  },
  AuthenticationOff: {
    means: 'clients need not say who they are',
    fix: 'switch auth.authentication on, with jwt or openid',
  },
  AuthorizationOff: {
    means: 'whoever says who they are may do everything',
    fix: 'switch auth.authorization on',
  },
  ProxyRoleUnchecked: {
    means: 'brokers take the proxy for the client',
    fix: 'set auth.useProxyRoles: true',
  },
  JwtGenerated: {
    means: 'the chart generates the keys and tokens in the cluster',
    fix: 'generate them outside and supply the Secrets',
  },
  MetricsRefused: {
    means: 'the proxy refuses Prometheus',
    fix: 'set authenticateMetricsEndpoint: "false" in proxy.configData, and fence the port',
  },
  MetadataPrefixWithTls: {
    means: 'a metadata prefix makes the init job use the plain port of ZooKeeper',
    fix: 'leave metadataPrefix empty',
  },
  CaRekeyed: {
    means: 'the authority gets a new key at each renewal, which nobody trusts',
    fix: 'keep rotationPolicy: Never, or replace the authority with both roots trusted for a while',
  },
  IssuerSecretUnnamed: {
    means: 'the chart is not told which issuer and which Secret with its roots to use',
    fix: 'set certs.issuers.ca.name and certs.issuers.ca.secretName',
  },
  SingleCopy: {
    means: 'every message has one copy',
    fix: 'set managedLedgerDefaultWriteQuorum to 2 or 3; topics that are there keep their copies until new ledgers begin',
  },
  AckedOnce: {
    means: 'a message is acknowledged when one copy is on disk',
    fix: 'set managedLedgerDefaultAckQuorum: "2"',
  },
  JournalUnsynced: {
    means: 'bookies acknowledge messages that are not on their disk yet',
    fix: 'remove the setting; a disk of its own for the journal makes flushing fast',
  },
  BacklogEvicted: {
    means: 'messages that nobody has read are thrown away silently when they become too many',
    fix: 'set backlogQuotaDefaultRetentionPolicy: producer_request_hold, so that producers wait instead',
  },
  OneZoneAcks: {
    means: 'both acknowledged copies of a message may lie in one zone',
    fix: 'set enforceMinNumFaultDomainsForWrite, and racks from the zones of the nodes',
  },
  SpreadSelectsNothing: {
    means: 'a spread constraint counts pods that do not exist',
    fix: 'use the label that the pods have',
  },
  PersistenceOff: {
    means: 'data is lost when a pod is replaced',
    fix: 'set persistence: true',
  },
  LocalStorage: {
    means: 'disks are asked of a class that EKS does not have',
    fix: 'set volumes.local_storage: false and name a storage class',
  },
  InitJobRepeated: {
    means: 'the init jobs are rendered with every upgrade',
    fix: 'keep initialize: false in the file, and set it on the command line the first time',
  },
  UpgradeHookUnderGitops: {
    means: 'a hook that deletes StatefulSets is rendered for a tool that is not Helm',
    fix: 'set statefulsetUpgrade.enabled: false for zookeeper and broker',
  },
  RestartStampede: {
    means: 'several components restart at the same time when a value changes',
    fix: 'restart them one after another: ZooKeeper, bookies, brokers, proxies',
  },
  AutoscalingToOne: {
    means: 'a component may be scaled down to one pod',
    fix: 'set minReplicas to 2 or more',
  },
  AntiAffinityOff: {
    means: 'two pods that hold copies may share a node',
    fix: 'set affinity.anti_affinity: true',
  },
  JournalSharesDisk: {
    means: 'journal and ledgers share a disk',
    fix: 'give the journal a disk of its own',
  },
  RecoveryMissing: {
    means: 'nobody copies what a lost bookie held',
    fix: 'switch components.autorecovery on',
  },
  OffloaderMissing: {
    means: 'the broker has no offloader for the driver that is named',
    fix: 'use the image pulsar-all and the driver aws-s3',
  },
  ManagerExposed: {
    means: 'Pulsar Manager holds the token of a super user behind a password in plain HTTP',
    fix: 'switch it off, or put it behind an entrance that asks who somebody is',
  },
  AnonymousRole: {
    means: 'clients without a token are given a role',
    fix: 'remove anonymousUserRole',
  },
  SuperUserForService: {
    means: 'a role that is not an operator may do everything',
    fix: 'take it off the super users and grant it its topics',
  },
  AuthenticationProviderRemoved: {
    means: 'the chart refuses a setting of its older versions',
    fix: 'set auth.authentication.jwt or openid instead',
  },
  TlsVerificationOff: {
    means: 'a component does not verify certificates',
    fix: 'set it to what is wanted; trust the right roots, and give the certificate the name that is dialled',
  },
  VerificationSwitchedOff: {
    means: 'a program verifies no certificate at all',
    fix: 'remove the variable, and give it a trust file',
  },
  CacheBeyondDirect: {
    means: 'caches take all of the direct memory',
    fix: 'make the caches smaller, or -XX:MaxDirectMemorySize larger',
  },
  RequestBelowJvm: {
    means: 'less memory is requested than the JVM may use',
    fix: 'request heap, direct memory and some for the JVM itself',
  },
  RenewalWithoutRetry: {
    means: 'too few tries to renew come before the end of a certificate',
    fix: 'renew earlier: a third of its life before the end, and not less than 32 hours',
  },
  ImageTagFloats: {
    means: 'an image is named by a tag that moves',
    fix: 'name a full version or a digest',
  },
  ImageMajorOther: {
    means: 'an image of Pulsar is of another major version than the chart is made for',
    fix: 'name an image of the major version of the chart, or use the chart that is made for that Pulsar',
  },
  SecretInPlain: {
    means: 'a secret stands where everybody reads it',
    fix: 'replace the secret, and refer to a Secret',
  },
  ZonalDiskImmediate: {
    means: 'a disk gets its zone before its pod does',
    fix: 'set volumeBindingMode: WaitForFirstConsumer',
  },
  BalancerAnnotationIgnored: {
    means: 'the controller that makes a load balancer ignores its annotation',
    fix: 'use the annotation of the controller that is there',
  },
  TlsEndsAtBalancer: {
    means: 'a load balancer ends the TLS of the binary protocol',
    fix: 'remove the certificate from it: TCP, TLS end to end',
  },
  PdbBlocksDrain: {
    means: 'a disruption budget blocks every drain',
    fix: 'allow one pod to be away; give a single pod no budget',
  },
  PdbBreaksQuorum: {
    means: 'a disruption budget lets too many be away at once',
    fix: 'set maxUnavailable: 1',
  },
  SanMissing: {
    means: 'a certificate lacks a name that is dialled',
    fix: 'add the name to the certificate',
  },
  IdleBelowKeepAlive: {
    means: 'a load balancer forgets connections before their next keep-alive',
    fix: 'lengthen its idle time-out, or shorten the keep-alive',
  },
  OldTlsProtocol: {
    means: 'a withdrawn version of TLS is offered',
    fix: 'offer TLS 1.3 and 1.2 only',
  },
  BinaryBehindL7: {
    means: 'the binary protocol of Pulsar is sent through something that reads HTTP',
    fix: 'use a network load balancer or TLS passthrough',
  },
  CertificateNameTooLong: {
    means: 'the common name of a certificate is longer than X.509 allows',
    fix: 'shorten it, or leave it out; clients look at dnsNames',
  },
  CertificateUsagesMissing: {
    means: 'AWS Private CA would issue a certificate without an extended key usage',
    fix: 'set usages to server auth, client auth, or both',
  },
  IssuerSecretWithoutCa: {
    means: 'the Secret with the roots has no ca.crt',
    fix: 'add the roots as ca.crt',
  },
  IngressIssuerUnfit: {
    means: 'an Ingress names an issuer in a way that cert-manager does not find',
    fix: 'use cert-manager.io/issuer with issuer-kind and issuer-group',
  },
  PcaIssuerMemory: {
    means: 'the issuer of AWS Private CA gets too little memory',
    fix: 'set its limit to 256Mi',
  },
  CertificateBySubPath: {
    means: 'a mounted certificate is never renewed in its pod',
    fix: 'mount the folder, without subPath',
  },
  DiskUnencrypted: {
    means: 'disks are not encrypted',
    fix: 'set encrypted: "true" in the storage class',
  },
  DiskCannotGrow: {
    means: 'disks cannot be made larger',
    fix: 'set allowVolumeExpansion: true in the storage class',
  },
  PolicyBlocksDns: {
    means: 'a NetworkPolicy blocks DNS',
    fix: 'allow egress to port 53 over UDP and TCP',
  },
  PolicyBlocksProbe: {
    means: 'a NetworkPolicy may block a probe',
    fix: 'allow ingress to the port of the probe from the nodes',
  },
  NamespaceUnfenced: {
    means: 'a namespace with plain ports has no default deny',
    fix: 'add a NetworkPolicy that selects every pod and allows nothing',
  },
  DialBlocked: {
    means: 'a NetworkPolicy blocks a connection of the plan',
    fix: 'allow it at both ends',
  },
  ClientDialsPlaintext: {
    means: 'a client dials Pulsar without TLS',
    fix: 'use pulsar+ssl://, https:// or wss:// and the port of it',
  },
  AckTimeoutBelowWork: {
    means: 'messages are delivered again while their work still runs',
    fix: 'make the acknowledgement time-out longer than the work, or leave it out',
  },
  SecretMissing: {
    means: 'a pod needs a Secret that nobody makes',
    fix: 'make it, or mend the name',
  },
  ServiceSelectsNothing: {
    means: 'a Service finds no pod',
    fix: 'mend its selector',
  },
  PodSecurityViolated: {
    means: 'a namespace would refuse a pod',
    fix: 'set the security context that Pod Security asks for',
  },
  RoleReadsEverySecret: {
    means: 'a role reads every Secret of the cluster',
    fix: 'name the Secrets, or use a Role in one namespace',
  },
  FargateWithoutEgress: {
    means: 'a Fargate task cannot reach what it needs to start',
    fix: 'let 443 out, and give its subnet a way out',
  },
  StatefulGroupSpansZones: {
    means: 'a group of nodes for pods with disks spans zones',
    fix: 'make one group for each zone',
  },
  ZoneWithoutNodes: {
    means: 'pods with disks shall run in a zone without nodes',
    fix: 'add a node group in that zone',
  },
  IamTooBroad: {
    means: 'an IAM role may do far more than its work',
    fix: 'name the actions and the resources',
  },
  RoleBroaderThanDials: {
    means: 'an IAM role may use what its workload never dials',
    fix: 'take the actions away, or add the dial to the plan',
  },
  PodIdentityTrust: {
    means: 'pods cannot become an IAM role',
    fix: 'allow sts:AssumeRole and sts:TagSession to pods.eks.amazonaws.com',
  },
  PodIdentityOrphan: {
    means: 'an IAM role is bound to an account that no pod has',
    fix: 'mend namespace and service account',
  },
  BucketTakesPlainHttp: {
    means: 'a bucket answers without TLS',
    fix: 'deny requests without aws:SecureTransport',
  },
  DataDeletedWithStack: {
    means: 'deleting a stack deletes what cannot be made again',
    fix: 'set DeletionPolicy and UpdateReplacePolicy to Retain',
  },
  NodeMetadataV1: {
    means: 'nodes answer version 1 of the metadata service',
    fix: 'set HttpTokens: required',
  },
  BalancerKillsNodes: {
    means: 'a group of nodes ends those that its load balancer does not reach',
    fix: 'set HealthCheckType: EC2',
  },
  TargetGroupPlaintext: {
    means: 'a load balancer speaks plain HTTP to its targets',
    fix: 'set Protocol: HTTPS',
  },
  NodePortsOpen: {
    means: 'node ports are open to the whole internet',
    fix: 'allow the security group of the load balancer only',
  },
  RetentionBelowReplay: {
    means: 'messages are deleted before they can be replayed as promised',
    fix: 'keep them for a day at least',
  },
  BrokerDiffers: {
    means: 'the broker has tenants, topics or grants otherwise than the plan',
    fix: 'platform tenants plan shows the difference, platform tenants apply mends it',
  },
  RuleUnknown: {
    means: 'there is no such code',
    fix: 'platform explain --all lists every code',
  },
  ValuesUnreadable: {
    means: 'a values file cannot be read',
    fix: 'name a file that is there and is YAML',
  },
  ChartUnsupported: {
    means: 'the kit does not know the values of this chart or version',
    fix: 'name a chart that it knows, such as pulsar@4.7.0',
  },
  FileExists: {
    means: 'the file that would be written is there already',
    fix: 'pass --force to replace it, or name another with --out',
  },
  AnswerMissing: {
    means: 'a question must be answered and there is no terminal to ask on',
    fix: 'pass the flag that the message names',
  },
} as const;
