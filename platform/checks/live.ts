import type { Code, Finding } from '../errors.js';

/** Who is asked by `platform check --live`. */
export type LivePart = 'cluster' | 'broker' | 'aws';

/** What `platform explain` prints of a finding that only something that runs can bring. */
export interface LivePage {
  readonly code: Code;
  readonly part: LivePart;
  readonly severity: Finding['severity'];
  readonly happens: string;
  readonly why: string;
  readonly source: string;
}

const K8S = 'https://kubernetes.io/docs';
const EKS = 'https://docs.aws.amazon.com/eks/latest/userguide';

/** Pages of the rules over what runs. Rules over files that are applied to it too have theirs in the registry. */
export const LIVE_PAGES: readonly LivePage[] = [
  {
    code: 'KubernetesVersionOther',
    part: 'cluster',
    severity: 'warning',
    happens: 'Add-ons and operators are pinned for one version and meet another.',
    why: 'EKS upgrades a cluster by itself at the end of its support, and others may have done it by hand.',
    source: `${EKS}/kubernetes-versions.html`,
  },
  {
    code: 'KubeletBehind',
    part: 'cluster',
    severity: 'warning',
    happens: 'The next upgrade of the control plane is refused, or nodes no longer join it.',
    why: 'A kubelet may be three minor versions older than its API server, and no older.',
    source: 'https://kubernetes.io/releases/version-skew-policy/',
  },
  {
    code: 'KindNotServed',
    part: 'cluster',
    severity: 'error',
    happens: 'The stage that writes such an object ends with an error, half of it applied.',
    why: 'An operator of an older version, of somebody else, serves an older version of its kinds.',
    source: `${K8S}/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/`,
  },
  {
    code: 'StorageClassDiffers',
    part: 'cluster',
    severity: 'error',
    happens: 'New disks are slower than planned, unencrypted, deleted with their claim, or never made.',
    why: 'The parameters of a storage class can not be changed: whoever made it first decides for ever.',
    source: `${K8S}/concepts/storage/storage-classes/`,
  },
  {
    code: 'ZoneLacksNodes',
    part: 'cluster',
    severity: 'warning',
    happens:
      'Bookies and metadata stores of that zone stay Pending: a loss of one more zone stops the writes.',
    why: 'An Auto Scaling group finds no capacity, or its instances never joined.',
    source: `${EKS}/troubleshooting.html`,
  },
  {
    code: 'DiskWithoutNode',
    part: 'cluster',
    severity: 'error',
    happens: 'The pod of the disk stays Pending, and the copies on it are out of reach.',
    why: 'An EBS volume stays in its zone for ever.',
    source: 'https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volumes.html',
  },
  {
    code: 'WebhookBlocks',
    part: 'cluster',
    severity: 'error',
    happens: 'No pod is made any more, also none of those that would mend it.',
    why: 'With failurePolicy Fail the API server refuses what it can not ask about.',
    source: `${K8S}/reference/access-authn-authz/extensible-admission-controllers/#failure-policy`,
  },
  {
    code: 'PoliciesNotEnforced',
    part: 'cluster',
    severity: 'error',
    happens: 'Any pod of the cluster reaches the ports that upstream images leave without TLS.',
    why: 'A NetworkPolicy is a wish: the API server takes it, and a network plugin must act by it.',
    source: `${EKS}/cni-network-policy-configure.html`,
  },
  {
    code: 'PodUnknown',
    part: 'cluster',
    severity: 'warning',
    happens:
      'It reaches nothing, since no policy is for it; or it has the labels of another one, and its rights.',
    why: 'Policies, certificates and grants are made for the workloads of the dial graph alone.',
    source: `${K8S}/concepts/services-networking/network-policies/`,
  },
  {
    code: 'GrantBeyondDials',
    part: 'broker',
    severity: 'error',
    happens: 'Whoever gets hold of the token of the role reads or writes what it never needed.',
    why: 'A grant that was given by hand for an hour stays for years.',
    source: 'https://pulsar.apache.org/docs/4.0.x/admin-api-permissions/',
  },
  {
    code: 'TopicsMakeThemselves',
    part: 'broker',
    severity: 'error',
    happens: 'A misspelt name becomes a topic that nobody reads, and its messages are lost in silence.',
    why: 'allowAutoTopicCreation is on unless it is switched off.',
    source: 'https://pulsar.apache.org/docs/4.0.x/admin-api-topics/',
  },
  {
    code: 'AccountMismatch',
    part: 'aws',
    severity: 'error',
    happens: 'A second platform comes into being in an account where nobody looks for it, and is paid for.',
    why: 'Credentials are those of the last profile that somebody chose.',
    source: 'https://docs.aws.amazon.com/cli/latest/reference/sts/get-caller-identity.html',
  },
  {
    code: 'RegionNotEnabled',
    part: 'aws',
    severity: 'error',
    happens: 'Every call to the region is refused with a word about invalid tokens.',
    why: 'Newer regions are off until somebody switches them on.',
    source: 'https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html',
  },
  {
    code: 'ZoneNotOffered',
    part: 'aws',
    severity: 'error',
    happens: 'The stack of the network is rolled back.',
    why: 'Not every account sees every zone of a region.',
    source: 'https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html',
  },
  {
    code: 'InstanceTypeNotOffered',
    part: 'aws',
    severity: 'error',
    happens: 'A node group stays without nodes, and the stack waits for it until it is rolled back.',
    why: 'Types are offered zone by zone.',
    source: 'https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-regions.html',
  },
  {
    code: 'HostedZoneMissing',
    part: 'aws',
    severity: 'error',
    happens:
      'The stack of the entrances fails at its first record, after all that is paid for by the hour is there.',
    why: 'The id of a zone says nothing of its name, its account, or whether it is public.',
    source: 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-working-with.html',
  },
  {
    code: 'AuthorityModeOther',
    part: 'aws',
    severity: 'warning',
    happens:
      'The bill is another one than `platform cost` says; a CA that the kit has made would be replaced by the next apply.',
    why: 'The mode is chosen when the CA is made, and stays.',
    source: 'https://docs.aws.amazon.com/privateca/latest/userguide/short-lived-certificates.html',
  },
  {
    code: 'AuthorityAlgorithmOther',
    part: 'aws',
    severity: 'warning',
    happens: 'The next apply would replace the authority by one that nobody trusts yet.',
    why: 'CloudFormation replaces a CA whose algorithm changes.',
    source:
      'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-acmpca-certificateauthority.html',
  },
  {
    code: 'EksVersionUnsupported',
    part: 'aws',
    severity: 'error',
    happens: 'The cluster is not made; or its control plane costs six times as much.',
    why: 'EKS offers a version for 14 months, and 12 more at another price.',
    source: `${EKS}/kubernetes-versions.html`,
  },
  {
    code: 'EksVersionJump',
    part: 'aws',
    severity: 'error',
    happens: 'CloudFormation is refused, and the stack rolled back.',
    why: 'EKS goes up one minor version at a time, and never down.',
    source: `${EKS}/update-cluster.html`,
  },
  {
    code: 'PublicCertificateUnfit',
    part: 'aws',
    severity: 'error',
    happens: 'Browsers and clients refuse the entrance; or the load balancer is never made.',
    why: 'ACM issues and renews a certificate only while DNS has the records that prove its names.',
    source: 'https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html',
  },
  {
    code: 'BucketNameTaken',
    part: 'aws',
    severity: 'error',
    happens: 'The stack of the storage is rolled back.',
    why: 'All accounts of AWS share one list of names of buckets.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html',
  },
];
