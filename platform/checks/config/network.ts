import { configRules } from './config-rules.js';

/** Pages of the rules in platform/config/rules/network.ts. */
export const NETWORK_PAGES = configRules([
  {
    code: 'PartitionUnsupported',
    group: 'config',
    severity: 'error',
    happens: 'Policies name ARNs that do not exist there, and every role is refused what it needs.',
    why: 'Other partitions have their own ARNs, DNS suffixes and sets of services.',
    source: 'https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html',
    examples: { bad: { config: 'region: cn-north-1' }, good: { config: 'region: eu-central-1' } },
  },
  {
    code: 'RegionUnknown',
    group: 'config',
    severity: 'error',
    happens: 'A misspelt region is found by AWS half an hour later, after the first stacks.',
    why: 'Zones differ from region to region; the kit plans them and must know them.',
    source: 'https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html',
    examples: { bad: { config: 'region: eu-centrl-1' }, good: { config: 'region: eu-central-1' } },
  },
  {
    code: 'ZoneNotInRegion',
    group: 'config',
    severity: 'error',
    happens: 'CloudFormation fails at the subnet and rolls everything back.',
    why: 'A zone belongs to one region; its name is copied from another config.',
    source: 'https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html',
    examples: {
      bad: { config: 'network: {zones: [eu-central-1a, eu-west-1b, eu-central-1c]}' },
      good: { config: 'network: {zones: [eu-central-1a, eu-central-1b, eu-central-1c]}' },
    },
  },
  {
    code: 'ZoneTwice',
    group: 'config',
    severity: 'error',
    happens: 'What was counted as three zones is two: the loss of one takes most ZooKeepers.',
    why: 'Nothing in AWS forbids two subnets in a zone.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/127',
    examples: {
      bad: { config: 'network: {zones: [eu-central-1a, eu-central-1b, eu-central-1a]}' },
      good: { config: 'network: {}' },
    },
  },
  {
    code: 'ZoneNotInNetwork',
    group: 'config',
    severity: 'error',
    happens: 'Bookies of that zone stay pending: no node can be there.',
    why: 'A node group needs a subnet in its zone.',
    source: 'https://github.com/streamnative/charts/issues/115',
    examples: {
      bad: {
        config:
          'network: {zones: [eu-central-1a, eu-central-1b]}\nnodes: {stateful: {zones: [eu-central-1c]}}',
      },
      good: { config: 'network: {}' },
    },
  },
  {
    code: 'CidrUnfit',
    group: 'config',
    severity: 'error',
    happens:
      'Pods stay in ContainerCreating: "failed to assign an IP address"; a VPC cannot be made larger in place.',
    why: 'On EKS every pod takes an address of the subnet, and each node keeps a stock of them.',
    source: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/2846',
    examples: {
      bad: { config: 'network: {cidr: 10.0.0.0/23}' },
      good: { config: 'network: {cidr: 10.0.0.0/18}' },
    },
  },
  {
    code: 'CidrPublic',
    group: 'config',
    severity: 'warning',
    happens: 'Some site on the internet, perhaps one that is needed, can never be reached from the cluster.',
    why: 'Addresses outside the private ranges belong to somebody.',
    source: 'https://www.rfc-editor.org/rfc/rfc1918',
    examples: {
      bad: { config: 'network: {cidr: 8.8.0.0/16}' },
      good: { config: 'network: {cidr: 172.20.0.0/16}' },
    },
  },
  {
    code: 'NatInOneZone',
    group: 'config',
    severity: 'warning',
    happens:
      'The zone with the NAT gateway is lost, and every other zone loses AWS and the internet with it.',
    why: 'A NAT gateway stands in one zone.',
    source: 'https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html',
    examples: {
      bad: { config: 'network: {nat: single}' },
      good: { config: 'network: {nat: single}\npulsar: {survives: node}' },
    },
  },
  {
    code: 'NameTooLong',
    group: 'config',
    severity: 'error',
    happens: 'The deployment fails in the middle, at the first bucket or role whose name is too long.',
    why: 'AWS limits names: 63 characters for a bucket, 64 for a role; the kit adds to the name that is given.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html',
    examples: {
      bad: { config: 'name: the-voice-chat-of-our-friends-and-their-families' },
      good: { config: 'name: the-voice-chat-of-our-friends' },
    },
  },
  {
    code: 'DomainTooLong',
    group: 'config',
    severity: 'error',
    happens: 'ACM refuses the certificate, and the stack of the entrances is rolled back.',
    why: 'The first name of a certificate is its common name, of which X.509 allows 64 characters.',
    source: 'https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html',
    examples: {
      bad: {
        config: 'domain: the-voice-chat-of-our-friends-and-their-families.in-europe.example.com',
      },
      good: {
        config:
          'domain: the-voice-chat-of-our-friends-and-their-families.in-europe.example.com\ndns: {kind: external, certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/a"}',
      },
    },
  },
]);
