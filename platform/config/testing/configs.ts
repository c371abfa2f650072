import fc from 'fast-check';
import { stringify } from 'yaml';
import { type Config, parseConfig } from '../index.js';

/** The config of a text that is known to be sound; a test fails with its findings otherwise. */
export function configOf(text: string, env?: string): Config {
  const { config, findings } = parseConfig(text, env === undefined ? {} : { env });
  if (config === undefined) throw new Error(JSON.stringify(findings, null, 2));
  return config;
}

/** The smallest file that is a config. */
export const MINIMAL = 'name: voice\nregion: eu-central-1\ndomain: voice.example.com\n';

/** A config that goes into a cluster alone: certificates are made there, and nothing of AWS is asked. */
export const IN_CLUSTER = `${MINIMAL}account: "123456789012"
observability: { kind: none }
tls: { issuer: { kind: selfSigned } }
`;

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);

const network = fc.record({
  cidr: fc.constantFrom('10.0.0.0/16', '10.42.0.0/18', '192.168.0.0/16', '100.64.0.0/16'),
  nat: fc.constantFrom('single', 'perZone'),
  zones: fc.constant(['eu-central-1a', 'eu-central-1b', 'eu-central-1c']),
  endpoints: fc.subarray(['ecr', 'sts', 'acm-pca']),
});

/** Numbers that survive a zone, a node or nothing. */
const topology = fc.oneof(
  fc.record({
    survives: fc.constant('zone'),
    metadata: fc.record({ kind: fc.constant('zookeeper'), replicas: fc.constantFrom(3, 5) }),
    bookies: fc.record({
      replicas: fc.integer({ min: 5, max: 9 }),
      ledgersGiB: fc.integer({ min: 1, max: 500 }),
    }),
    brokers: fc.record({
      replicas: fc.integer({ min: 2, max: 6 }),
      memoryMiB: fc.integer({ min: 1024, max: 6144 }),
    }),
    proxies: fc.record({ replicas: fc.integer({ min: 2, max: 6 }) }),
    quorum: fc.constantFrom(
      { ensemble: 3, write: 3, ack: 2 },
      { ensemble: 2, write: 2, ack: 2 },
      { ensemble: 3, write: 2, ack: 2 },
    ),
  }),
  fc.record({
    survives: fc.constant('nothing'),
    metadata: fc.constantFrom(
      { kind: 'zookeeper', replicas: 1 },
      { kind: 'oxia', replicas: 1, plaintext: 'accepted' },
      { kind: 'oxia', replicas: 3, plaintext: 'accepted' },
    ),
    bookies: fc.record({ replicas: fc.integer({ min: 1, max: 3 }) }),
    brokers: fc.record({ replicas: fc.integer({ min: 1, max: 2 }) }),
    proxies: fc.record({ replicas: fc.integer({ min: 1, max: 2 }) }),
    quorum: fc.constant({ ensemble: 1, write: 1, ack: 1 }),
  }),
);

const pulsar = fc
  .record({
    topology,
    websocket: fc.constantFrom('broker', 'proxy', 'off'),
    tieredStorage: fc.constantFrom({ kind: 'none' }, { kind: 's3', thresholdMiB: 100 }),
    tenants: fc.uniqueArray(word, { maxLength: 3 }),
    roles: fc.uniqueArray(word, { maxLength: 3 }),
  })
  .map(({ topology: numbers, tenants, roles, ...rest }) => ({
    ...rest,
    ...numbers,
    tenants: tenants.map(name => ({
      name: `t${name}`,
      namespaces: [{ name: 'main', topics: [{ name: 'events', partitions: 3 }] }],
    })),
    roles: roles.map((name, index) => ({
      name: `r${name}`,
      from: 'cluster',
      produces:
        index % 2 === 0 || tenants[0] === undefined ? ['voice/chat/audio'] : [`t${tenants[0]}/main/events`],
    })),
  }));

const arn =
  'arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/11111111-2222-3333-4444-555555555555';

const tls = fc.record({
  algorithm: fc.constantFrom('ecdsa-p256', 'rsa-2048', 'rsa-4096'),
  authorityAlgorithm: fc.constantFrom('ecdsa-p256', 'rsa-3072'),
  mutual: fc.boolean(),
  leafDuration: fc.constantFrom('7d', '36h', '2d'),
  issuer: fc.constantFrom(
    { kind: 'awsPrivateCa' },
    { kind: 'awsPrivateCa', mode: 'general' },
    { kind: 'awsPrivateCa', mode: 'existing', arn },
    { kind: 'awsPrivateCa', mode: 'subordinate', arn },
    { kind: 'selfSigned' },
    { kind: 'letsEncrypt', email: 'ops@example.com' },
  ),
});

const entrances = fc.record({
  http: fc.constantFrom(
    { kind: 'nginx' },
    { kind: 'gateway', scheme: 'internal' },
    { kind: 'ingress-nginx', waf: true },
  ),
  pulsar: fc.constantFrom({ kind: 'nlb' }, { kind: 'service', allow: ['10.1.0.0/16'] }, { kind: 'none' }),
});

const scaling = fc.constantFrom(
  { kind: 'fixed', replicas: 3 },
  { kind: 'cpu', min: 1, max: 4 },
  { kind: 'backlog', min: 2, max: 9, messages: 5 },
);

const database = fc.constantFrom({ kind: 'sqlite' }, { kind: 'postgres', host: 'db.example.com' });

/** Written configs that must be accepted, over every variant that the schema has. */
export const soundConfigs: fc.Arbitrary<object> = fc
  .record({
    name: word,
    domain: word.map(label => `${label}.example.com`),
    network,
    pulsar,
    tls,
    entrances,
    images: scaling,
    database,
    fargate: fc.boolean(),
    nodes: fc.constantFrom(
      { stateful: { perZone: 9 } },
      {
        architecture: 'x86_64',
        stateful: { perZone: 9 },
        stateless: { kind: 'managed', instanceType: 'm7i.xlarge' },
      },
    ),
    secrets: fc.constantFrom(
      { kind: 'secretsManager' },
      { kind: 'parameterStore' },
      { kind: 'sops', kmsKeyArn: 'arn:aws:kms:eu-central-1:123456789012:key/a' },
      { kind: 'sops', age: `age1${'q'.repeat(58)}`, folder: 'sealed' },
    ),
    observability: fc.constantFrom({ kind: 'prometheus' }, { kind: 'none' }),
    gitops: fc.constantFrom(
      { kind: 'none' },
      { kind: 'argocd', repository: 'https://git.example.com/platform.git' },
      { kind: 'flux', repository: 'ssh://git@git.example.com/platform.git', path: 'deploy/prod' },
    ),
    kubernetes: fc.constantFrom('1.33', '1.35', '1.36'),
  })
  .map(({ images, database: store, fargate, kubernetes, ...rest }) => ({
    ...rest,
    region: 'eu-central-1',
    cluster: { kubernetesVersion: kubernetes },
    services: { images: { scaling: images }, database: store },
    web:
      fargate &&
      store.kind === 'postgres' &&
      rest.secrets.kind !== 'sops' &&
      rest.entrances.pulsar.kind === 'nlb'
        ? { runOn: 'fargate', image: 'registry.example.com/web:1' }
        : {},
  }));

export function toYaml(written: object): string {
  return stringify(written);
}
