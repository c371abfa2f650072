/** Codes of what `platform check --live` finds in a cluster, at a broker and in an AWS account. */
export const LIVE_CODES = {
  LiveNotAsked: {
    means: 'something that runs could not be asked; nothing is known of it, which is no pass',
    fix: 'mend what is named and ask again: sign in to AWS, choose the context of the cluster, or apply first',
  },
  // the cluster
  KubernetesVersionOther: {
    means: 'the cluster has another version of Kubernetes than the config',
    fix: 'platform apply --stage aws brings it there, one minor version at a time; or write the version that it has',
  },
  KubeletBehind: {
    means: 'nodes run an older Kubernetes than their control plane',
    fix: 'replace them: platform apply --stage aws updates the node groups; nodes of Karpenter are replaced when they drift',
  },
  KindNotServed: {
    means: 'the cluster does not serve a kind, in the version in which the platform writes it',
    fix: 'platform apply --stage operators installs what brings it; an older operator of somebody else has to go first',
  },
  StorageClassDiffers: {
    means: 'a storage class of the platform is not there, or is another one under its name',
    fix: 'a class can not be changed: delete it and run platform apply --stage base; disks that are there stay as they are',
  },
  ZoneLacksNodes: {
    means: 'a zone of the plan has fewer nodes for what keeps data than planned',
    fix: 'see why its group has none: platform diff, and the activities of its Auto Scaling group',
  },
  DiskWithoutNode: {
    means: 'a disk lies in a zone that has no node which could mount it',
    fix: 'bring a node of the stateful tier back into that zone',
  },
  WebhookBlocks: {
    means:
      'the API server must ask a webhook that nobody answers, and refuses what it would have been asked of',
    fix: 'bring its pods back, or delete the webhook configuration whose program is gone',
  },
  PoliciesNotEnforced: {
    means: 'nothing in the cluster enforces NetworkPolicies: each pod reaches each other one',
    fix: 'set enableNetworkPolicy of the add-on vpc-cni (platform apply --stage aws does), or install Calico or Cilium',
  },
  PodUnknown: {
    means: 'a pod runs in a namespace of the platform, and is none of its workloads',
    fix: 'move it into a namespace of its own; what it dials must be in the dial graph',
  },
  // the broker
  GrantBeyondDials: {
    means: 'a role may do more at the broker than the plan has it do',
    fix: 'platform tenants apply takes back what is inside the namespaces of the plan; the rest by pulsar-admin',
  },
  TopicsMakeThemselves: {
    means: 'the broker makes a topic of whatever name it is asked for',
    fix: 'set allowAutoTopicCreation: "false" for the broker, as the generated values do, and apply',
  },
  // the AWS account
  AccountMismatch: {
    means: 'the credentials are of another AWS account than the config',
    fix: 'choose the profile of that account: AWS_PROFILE; aws sts get-caller-identity tells who asks',
  },
  RegionNotEnabled: {
    means: 'the region is not switched on in this account',
    fix: 'aws account enable-region --region-name REGION; it takes some minutes',
  },
  ZoneNotOffered: {
    means: 'the account has no such availability zone, or may not use it now',
    fix: 'name zones under network.zones that `aws ec2 describe-availability-zones` lists',
  },
  InstanceTypeNotOffered: {
    means: 'an instance type of the plan is not offered in a zone of the plan',
    fix: 'choose another type under nodes, or other zones under network.zones',
  },
  HostedZoneMissing: {
    means: 'the hosted zone of the config is not in this account, or is not one for this domain',
    fix: 'write the id of the public zone that holds the domain into dns.zoneId: aws route53 list-hosted-zones',
  },
  AuthorityModeOther: {
    means: 'the private CA is of another usage mode than the config says',
    fix: 'write the mode that it has into tls.issuer (usageMode, or mode for one that the kit has made), or name another CA: the mode of a CA can not be changed',
  },
  AuthorityAlgorithmOther: {
    means: 'the private CA has a key of another algorithm than the config says',
    fix: 'write the algorithm that it has into tls.authorityAlgorithm; another one would be another authority',
  },
  EksVersionUnsupported: {
    means:
      'EKS does not offer this version of Kubernetes in the region, or only at the price of extended support',
    fix: 'choose another cluster.kubernetesVersion: aws eks describe-cluster-versions',
  },
  EksVersionJump: {
    means: 'the cluster can not get from the version that it has to the one of the config in one step',
    fix: 'go up one minor version at a time: set cluster.kubernetesVersion to the next one and apply; there is no way back',
  },
  PublicCertificateUnfit: {
    means: 'the public certificate of the load balancer is not issued, ends, or lacks a name',
    fix: 'read its state: aws acm describe-certificate; the records that prove it must be in DNS for good',
  },
  BucketNameTaken: {
    means: 'a bucket of the plan has a name that another AWS account has taken',
    fix: 'choose another name, which is the beginning of the names of all buckets',
  },
} as const satisfies Record<string, { readonly means: string; readonly fix: string }>;
