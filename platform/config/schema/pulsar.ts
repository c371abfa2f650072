import { z } from 'zod';
import { cpu, diskGiB, dnsLabel, duration, memoryMiB, replicas } from './values.js';

/** Defaults in one object: `size(1, 4096)` is 1 CPU and 4 GiB. */
function size(cpus: number, mebibytes: number) {
  return {
    cpu: cpu.default(cpus).describe('CPUs that each pod asks for; it may use more when the node has them.'),
    memoryMiB: memoryMiB.default(mebibytes).describe('MiB of each pod, requested and limit.'),
  };
}

/** What a JVM gets of its pod's memory. */
const jvm = {
  heapMiB: z
    .int()
    .min(32)
    .optional()
    .describe('Java heap. @default - a share of `memoryMiB` that suits the component'),
  directMiB: z
    .int()
    .min(32)
    .optional()
    .describe('Direct (off-heap) memory. @default - a share of `memoryMiB` that suits the component'),
};

const retention = z
  .strictObject({
    time: duration.default('7d').describe('How long acknowledged messages are kept, for replay.'),
    sizeMiB: z
      .int()
      .min(-1)
      .default(10_240)
      .describe('How many MiB of acknowledged messages are kept for a topic; -1 is no limit.'),
  })
  .prefault({});

const metadata = z
  .discriminatedUnion('kind', [
    z
      .strictObject({
        kind: z.literal('zookeeper'),
        replicas: z.int().min(1).max(7).default(3).describe('Odd: a quorum is more than half.'),
        diskGiB: diskGiB.default(20),
        ...size(0.5, 1024),
        heapMiB: jvm.heapMiB,
      })
      .describe('ZooKeeper, TLS on every port.'),
    z
      .strictObject({
        kind: z.literal('oxia'),
        replicas: z.int().min(1).max(9).default(3),
        shards: z.int().min(1).max(256).default(3),
        diskGiB: diskGiB.default(20),
        ...size(0.5, 1024),
        plaintext: z
          .literal('accepted')
          .optional()
          .describe(
            'Chart 4.7.0 gives Oxia no TLS: its traffic is fenced by NetworkPolicy only. Say `accepted` to take that.',
          ),
      })
      .describe('Oxia.'),
  ])
  .prefault({ kind: 'zookeeper' })
  .describe('Where brokers and bookies keep their metadata.');

const quorum = z
  .strictObject({
    ensemble: z.int().min(1).max(20).default(3).describe('E: bookies that a ledger is spread over.'),
    write: z.int().min(1).max(20).default(3).describe('Qw: copies of each entry.'),
    ack: z
      .int()
      .min(1)
      .max(20)
      .default(2)
      .describe('Qa: copies that must be on disk before a message is acknowledged.'),
  })
  .prefault({});

const tieredStorage = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }),
    z
      .strictObject({
        kind: z.literal('s3'),
        thresholdMiB: z
          .int()
          .min(0)
          .default(10_240)
          .describe('A topic moves its oldest ledgers to S3 when it is larger than this.'),
        deletionLag: duration.default('4h').describe('How long a moved ledger stays on the bookies too.'),
      })
      .describe('Old ledgers move to an S3 bucket, by Pod Identity.'),
  ])
  .prefault({ kind: 'none' })
  .describe('Tiered storage.');

const topicName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'wanted a topic name: letters, digits, dots, dashes and underscores',
  );

const topics = z
  .array(
    z.strictObject({
      name: topicName,
      partitions: z.int().min(0).max(1000).default(0).describe('0: not partitioned.'),
    }),
  )
  .default([]);

const maxTopics = z
  .int()
  .min(1)
  .optional()
  .describe('Topics after which Pulsar refuses another one in the namespace. @default - no limit');

const tenants = z
  .array(
    z.strictObject({
      name: dnsLabel,
      namespaces: z
        .array(
          z.strictObject({
            name: dnsLabel,
            retention,
            topics,
            maxTopics,
            onDemand: z
              .boolean()
              .default(false)
              .describe('Whether a topic comes into being with the first who uses it; elsewhere none does.'),
          }),
        )
        .min(1),
    }),
  )
  .default([])
  .describe('Tenants besides the one of the voice chat.');

const fullTopic = z
  .string()
  .regex(/^[^/]+\/[^/]+\/[^/]+$/, 'wanted tenant/namespace/topic')
  .describe('tenant/namespace/topic');

const clientOrigin = z
  .enum(['cluster', 'entrance'])
  .describe(
    'Where it dials from: pods of this cluster labelled with the role, or through the Pulsar entrance.',
  );

const roles = z
  .array(
    z.strictObject({
      name: dnsLabel.describe('The `sub` of its token and the common name of its certificate.'),
      from: clientOrigin.default('entrance'),
      produces: z.array(fullTopic).default([]),
      consumes: z
        .array(
          z.strictObject({
            topic: fullTopic,
            subscription: z.string().min(1),
            type: z.enum(['Exclusive', 'Failover', 'Shared', 'Key_Shared', 'Reader']).default('Shared'),
          }),
        )
        .default([]),
      everywhereIn: z
        .array(z.string().regex(/^[^/]+\/[^/]+$/, 'wanted tenant/namespace'))
        .default([])
        .describe('Namespaces (tenant/namespace) in which it may produce to and consume from every topic.'),
    }),
  )
  .default([])
  .describe('Clients of your own: each gets a token, a certificate and exactly these grants.');

const tenancy = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('none') }).describe('What `tenants` and `roles` say, and no more.'),
    z
      .strictObject({
        kind: z.literal('tenantPerCustomer'),
        customers: z
          .array(
            z.strictObject({
              name: dnsLabel.describe('Its tenant, its role, and its subscription of each of its topics.'),
              from: clientOrigin.default('entrance'),
            }),
          )
          .min(1),
        namespace: dnsLabel.default('main').describe('Namespace of each of the tenants.'),
        retention,
        topics: topics.describe('Topics that each customer gets.'),
        maxTopics,
      })
      .describe('Customers share nothing but the machines: policies, grants and data are of one alone.'),
    z
      .strictObject({
        kind: z.literal('topicPerUser'),
        tenant: dnsLabel.default('users').describe('Tenant of the topics.'),
        namespace: dnsLabel.default('inbox').describe('Namespace of the topics.'),
        users: z.int().min(1).describe('Topics after which Pulsar refuses another one.'),
        clients: z
          .array(dnsLabel)
          .min(1)
          .describe('Roles under `roles` that use these topics, each of them all: they act for the users.'),
        retention,
      })
      .describe('A topic comes into being with its first message; users have no tokens of their own.'),
  ])
  .prefault({ kind: 'none' })
  .describe(
    'How customers or users of yours are kept apart; see docs/tenancy.md for what each choice bears.',
  );

export const pulsar = z
  .strictObject({
    tenant: dnsLabel.default('voice').describe('Tenant of the voice chat.'),
    namespace: dnsLabel.default('chat').describe('Namespace of the voice chat.'),
    retention,
    maxRedeliveries: z
      .int()
      .min(1)
      .max(100)
      .default(5)
      .describe('How often a message is delivered again before it goes to the dead-letter topic.'),
    survives: z
      .enum(['zone', 'node', 'nothing'])
      .default('zone')
      .describe(
        'The loss after which reads and writes must go on; refused when the numbers below do not hold it.',
      ),
    metadata,
    bookies: z
      .strictObject({
        replicas: replicas.default(6),
        ...size(0.5, 4096),
        ...jvm,
        journalGiB: diskGiB.default(20),
        ledgersGiB: diskGiB.default(100),
        iops: z.int().min(3000).max(80_000).default(3000).describe('gp3 operations a second of each volume.'),
        throughputMiB: z.int().min(125).max(2000).default(125).describe('gp3 MiB a second of each volume.'),
      })
      .prefault({})
      .describe('BookKeeper: where messages are stored.'),
    brokers: z.strictObject({ replicas: replicas.default(3), ...size(1, 3072), ...jvm }).prefault({}),
    proxies: z.strictObject({ replicas: replicas.default(3), ...size(0.5, 1024), ...jvm }).prefault({}),
    recovery: z
      .strictObject({ replicas: replicas.default(2), ...size(0.1, 1024), ...jvm })
      .prefault({})
      .describe(
        "Autorecovery: copies under-replicated ledgers. BookKeeper's shell of `platform scale` runs beside it.",
      ),
    quorum,
    websocket: z
      .enum(['broker', 'proxy', 'off'])
      .default('proxy')
      .describe(
        'Who serves the WebSocket API. The proxy gets authorization of its own, which the chart leaves out.',
      ),
    tieredStorage,
    tokenDays: z
      .int()
      .min(1)
      .max(3650)
      .default(365)
      .describe('Days that a token of a service or client is valid.'),
    tokenKeys: z
      .enum(['one', 'two'])
      .default('one')
      .describe(
        'Keys whose tokens are good at once. `two` runs a server of public keys in the cluster, so that `platform tokens rotate` signs by a new key while tokens of the old one stay good; with `one` an exchange of the key refuses clients while brokers restart.',
      ),
    tenants,
    roles,
    tenancy,
    chartDigest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, 'wanted sha256: and 64 hexadecimal digits')
      .optional()
      .describe(
        'sha256 of the packed Pulsar chart 4.7.0, as the index of its repository has it under `digest`: `platform apply` and `platform gitops` refuse another one, also where `--charts` has it. @default - its version alone fixes it',
      ),
    values: z
      .record(z.string(), z.unknown())
      .default({})
      .describe('Overrides of the Pulsar chart 4.7.0, laid over the generated values and checked like them.'),
  })
  .prefault({})
  .describe('Apache Pulsar.');
