import { z } from 'zod';
import { ADD_ONS } from '../facts/add-ons.js';
import { arn, cidr, instanceType } from './values.js';

export const network = z
  .strictObject({
    cidr: cidr.default('10.0.0.0/16').describe('Address range of the VPC.'),
    zones: z
      .array(
        z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, 'wanted an availability zone such as eu-central-1a'),
      )
      .min(2)
      .max(3)
      .optional()
      .describe('Availability zones. @default - the first three of the region'),
    nat: z
      .enum(['perZone', 'single'])
      .default('perZone')
      .describe(
        'NAT gateways: one a zone, or one for all (cheaper; its zone becomes a single point of failure).',
      ),
    endpoints: z
      .array(z.enum(['ecr', 'sts', 'acm-pca', 'secretsmanager', 'ssm', 'kms', 'logs', 'ec2', 'eks']))
      .default([])
      .describe(
        'Interface endpoints, each billed per zone and hour; the S3 gateway endpoint is free and always there.',
      ),
    flowLogDays: z
      .int()
      .min(0)
      .max(3653)
      .default(30)
      .describe('Days that VPC flow logs are kept; 0 switches them off.'),
  })
  .prefault({})
  .describe('VPC.');

export const dns = z
  .discriminatedUnion('kind', [
    z
      .strictObject({ kind: z.literal('newZone') })
      .describe('A hosted zone for `domain` is made; its parent must delegate to it.'),
    z
      .strictObject({
        kind: z.literal('existingZone'),
        zoneId: z
          .string()
          .regex(/^Z[A-Z0-9]{1,31}$/, 'wanted a hosted-zone id such as Z0123456789ABCDEFGHIJ')
          .describe('Route 53 hosted zone that holds `domain`.'),
        zoneName: z.string().optional().describe('Name of that zone. @default - the value of `domain`'),
      })
      .describe('Records go into a hosted zone that is there already.'),
    z
      .strictObject({
        kind: z.literal('external'),
        certificateArn: arn('acm', 'arn:aws:acm:eu-central-1:123456789012:certificate/…').describe(
          'ACM certificate of `domain` and `*.domain` for the load balancer, validated by you.',
        ),
      })
      .describe('DNS is kept elsewhere; the names to point at are outputs.'),
  ])
  .prefault({ kind: 'newZone' })
  .describe('DNS of the entrances.');

export const cluster = z
  .strictObject({
    kubernetesVersion: z
      .string({ error: 'wanted a version in quotes, such as "1.35"' })
      .regex(/^1\.\d{2}$/, 'wanted a version such as "1.35"')
      .default('1.35')
      .describe('Kubernetes version of EKS, in quotes.'),
    apiAccess: z
      .discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('private') }).describe('Only from inside the VPC.'),
        z
          .strictObject({
            kind: z.literal('public'),
            cidrs: z.array(cidr).min(1).describe('Networks that may reach the API server.'),
          })
          .describe('Also from these networks.'),
      ])
      .prefault({ kind: 'private' })
      .describe('Who reaches the Kubernetes API server.'),
    admins: z
      .array(arn('iam', 'arn:aws:iam::123456789012:role/Admin'))
      .default([])
      .describe(
        'IAM principals that get an access entry with the cluster-admin policy, besides the one who makes the cluster.',
      ),
    creatorAdmin: z
      .boolean()
      .default(true)
      .describe(
        'Whether whoever makes the cluster is an admin. EKS decides it once and for all; with `false` name them in `admins`.',
      ),
    logDays: z.int().min(1).max(3653).default(90).describe('Days that control-plane logs are kept.'),
    addOnVersions: z
      .partialRecord(
        z.enum(ADD_ONS),
        z.string().regex(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/, 'wanted a version such as v1.21.1-eksbuild.7'),
      )
      .default({})
      .describe('Versions of EKS add-ons in place of those that the kit has pinned.'),
  })
  .prefault({})
  .describe('EKS.');

const managedCapacity = z.strictObject({
  kind: z.literal('managed'),
  instanceType: instanceType.optional().describe('@default - m7g.large, or m7i.large on x86_64'),
  min: z.int().min(1).max(100).default(3),
  max: z.int().min(1).max(100).default(9),
});

const karpenterCapacity = z.strictObject({
  kind: z.literal('karpenter'),
  maxCpu: z.int().min(4).max(10_000).default(64).describe('CPUs of all its nodes together.'),
  spot: z
    .boolean()
    .default(false)
    .describe('Whether workers without state (transcriber, images) may run on Spot instances.'),
  systemInstanceType: instanceType
    .optional()
    .describe(
      'Two such nodes hold Karpenter and the other operators. @default - t4g.large, or t3.large on x86_64',
    ),
});

/** Of a managed node group, as far as this kit goes. */
export const MOST_PER_ZONE = 50;

export const nodes = z
  .strictObject({
    architecture: z.enum(['arm64', 'x86_64']).default('arm64').describe('CPU architecture of every node.'),
    stateful: z
      .strictObject({
        instanceType: instanceType.optional().describe('@default - m7g.large, or m7i.large on x86_64'),
        perZone: z
          .int()
          .min(1)
          .max(MOST_PER_ZONE)
          .optional()
          .describe(
            'Nodes in each zone, for bookies and metadata. @default - as many as the replicas of a zone need, at least 2',
          ),
        zones: z
          .array(z.string())
          .min(1)
          .max(3)
          .optional()
          .describe('Zones of the stateful tier. @default - all of `network.zones`'),
      })
      .prefault({})
      .describe('Nodes of what has a disk: one managed group a zone, since EBS volumes stay in their zone.'),
    stateless: z
      .discriminatedUnion('kind', [karpenterCapacity, managedCapacity])
      .prefault({ kind: 'karpenter' })
      .describe('Nodes of what has no disk.'),
    edge: z
      .strictObject({
        instanceType: instanceType.optional().describe('@default - t4g.medium, or t3.medium on x86_64'),
        count: z.int().min(1).max(30).optional().describe('@default - one a zone'),
      })
      .prefault({})
      .describe('Nodes behind the load balancers; they run the ingress controller.'),
  })
  .prefault({})
  .describe('EC2 nodes.');

export const storage = z
  .strictObject({
    audioDays: z.int().min(1).max(36_500).default(30).describe('Days before recorded audio is deleted.'),
    imageDays: z.int().min(1).max(36_500).default(30).describe('Days before original pictures are deleted.'),
    resultDays: z
      .int()
      .min(1)
      .max(36_500)
      .default(365)
      .describe('Days before transcripts and processed pictures are deleted.'),
    encryption: z
      .enum(['kms', 's3'])
      .default('kms')
      .describe('Server-side encryption: a customer-managed KMS key, or keys of S3 (no charge a call).'),
  })
  .prefault({})
  .describe('S3 buckets.');
