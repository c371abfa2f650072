import { describe, expect, it } from 'vitest';
import type { Code } from '../../errors.js';
import { parseConfig } from '../index.js';

const BASE = 'name: voice\nregion: eu-central-1\ndomain: voice.example.com\n';

/** Code and place of every finding of a config whose base is sound. */
function found(yaml: string, today?: string): string[] {
  const base = BASE.split('\n').filter(
    line => !yaml.split('\n').some(over => over.split(':')[0] === line.split(':')[0]),
  );
  const { findings } = parseConfig(`${base.join('\n')}\n${yaml}`, today === undefined ? {} : { today });
  return findings.map(({ code, where }) => `${code} ${where?.path}`);
}

/** A recipient of age. */
const AGE = `age1${'q'.repeat(58)}`;

/** A small platform that promises nothing, so that single numbers can be wrong by themselves. */
const SMALL = 'survives: nothing, quorum: {ensemble: 1, write: 1, ack: 1}';

function users(count: number): string {
  return `pulsar: {tenancy: {kind: topicPerUser, users: ${count}, clients: [app]}, roles: [{name: app}]}`;
}

function crowded(count: number): string {
  const names = Array.from(
    { length: count },
    (_, index) => `{name: n${index}, onDemand: true, maxTopics: 10000}`,
  );
  return `pulsar: {tenants: [{name: shop, namespaces: [${names}]}]}`;
}

function customers(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `{name: customer-${index}}`);
  return `pulsar: {tenancy: {kind: tenantPerCustomer, customers: [${names}], topics: [{name: events}]}}`;
}

const CASES: readonly [code: Code, place: string, bad: string, good: string][] = [
  ['PartitionUnsupported', 'region', 'region: cn-north-1', 'region: eu-north-1'],
  ['RegionUnknown', 'region', 'region: eu-centrl-1', 'region: eu-central-1'],
  [
    'ZoneNotInRegion',
    'network.zones.1',
    'network: {zones: [eu-central-1a, eu-west-1b, eu-central-1c]}',
    'network: {zones: [eu-central-1a, eu-central-1b, eu-central-1c]}',
  ],
  [
    'ZoneTwice',
    'network.zones.2',
    'network: {zones: [eu-central-1a, eu-central-1b, eu-central-1a]}',
    'network: {}',
  ],
  [
    'ZoneNotInNetwork',
    'nodes.stateful.zones',
    'network: {zones: [eu-central-1a, eu-central-1b]}\nnodes: {stateful: {zones: [eu-central-1c]}}',
    'nodes: {stateful: {zones: [eu-central-1a, eu-central-1b, eu-central-1c]}}',
  ],
  ['CidrUnfit', 'network.cidr', 'network: {cidr: 10.0.0.0/23}', 'network: {cidr: 10.0.0.0/18}'],
  ['CidrUnfit', 'network.cidr', 'network: {cidr: 10.0.0.0/12}', 'network: {cidr: 10.0.0.0/16}'],
  ['CidrPublic', 'network.cidr', 'network: {cidr: 8.8.0.0/16}', 'network: {cidr: 172.20.0.0/16}'],
  [
    'NatInOneZone',
    'network.nat',
    'network: {nat: single}',
    'network: {nat: single}\npulsar: {survives: node}',
  ],
  [
    'NameTooLong',
    'name',
    'name: the-voice-chat-of-our-friends-and-their-families',
    'name: the-voice-chat-of-our-friends',
  ],
  [
    'ApiOpenToWorld',
    'cluster.apiAccess.cidrs',
    'cluster: {apiAccess: {kind: public, cidrs: [0.0.0.0/0]}}',
    'cluster: {apiAccess: {kind: public, cidrs: [203.0.113.0/24]}}',
  ],
  [
    'KubernetesNotOffered',
    'cluster.kubernetesVersion',
    'cluster: {kubernetesVersion: "1.29"}',
    'cluster: {kubernetesVersion: "1.36"}',
  ],
  [
    'ClusterWithoutAdmin',
    'cluster.admins',
    'cluster: {creatorAdmin: false}',
    'cluster: {creatorAdmin: false, admins: ["arn:aws:iam::123456789012:role/Admin"]}',
  ],
  [
    'InstanceTypeUnknown',
    'nodes.stateful.instanceType',
    'nodes: {stateful: {instanceType: p4d.24xlarge}}',
    'nodes: {stateful: {instanceType: r7g.xlarge}}',
  ],
  [
    'InstanceArchitecture',
    'nodes.edge.instanceType',
    'nodes: {edge: {instanceType: t3.medium}}',
    'nodes: {architecture: x86_64, edge: {instanceType: t3.medium}}',
  ],
  [
    'BoundsReversed',
    'nodes.stateless.min',
    'nodes: {stateless: {kind: managed, min: 5, max: 4}}',
    'nodes: {stateless: {kind: managed, min: 4, max: 4}}',
  ],
  [
    'BoundsReversed',
    'services.images.scaling.min',
    'services: {images: {scaling: {min: 7}}}',
    'services: {images: {scaling: {min: 6}}}',
  ],
  [
    'StatefulTierTooSmall',
    'nodes.stateful.perZone',
    'nodes: {stateful: {perZone: 1}}',
    'nodes: {stateful: {perZone: 3}}',
  ],
  [
    'StatefulNodeTooSmall',
    'nodes.stateful.instanceType',
    'nodes: {stateful: {instanceType: t4g.medium}}',
    'nodes: {stateful: {instanceType: m7g.xlarge}}',
  ],
  [
    'PodLargerThanNode',
    'pulsar.brokers',
    'nodes: {stateless: {kind: managed}}\npulsar: {brokers: {memoryMiB: 8192}}',
    'nodes: {stateless: {kind: managed, instanceType: m7g.xlarge}}\npulsar: {brokers: {memoryMiB: 8192}}',
  ],
  [
    'QuorumDisordered',
    'pulsar.quorum.ack',
    'pulsar: {quorum: {ensemble: 3, write: 2, ack: 3}}',
    'pulsar: {quorum: {ensemble: 3, write: 3, ack: 3}}',
  ],
  [
    'QuorumDisordered',
    'pulsar.quorum.write',
    'pulsar: {quorum: {ensemble: 2, write: 3, ack: 2}}',
    'pulsar: {quorum: {ensemble: 3, write: 3, ack: 2}}',
  ],
  [
    'BookiesFewerThanEnsemble',
    'pulsar.bookies.replicas',
    'pulsar: {survives: nothing, bookies: {replicas: 2}}',
    'pulsar: {survives: nothing, bookies: {replicas: 3}}',
  ],
  [
    'ZooKeeperEven',
    'pulsar.metadata.replicas',
    `pulsar: {${SMALL}, metadata: {replicas: 2}}`,
    `pulsar: {${SMALL}, metadata: {replicas: 1}}`,
  ],
  ['OxiaPlaintext', 'pulsar.metadata.kind', 'pulsar: {metadata: {kind: oxia}}', 'pulsar: {}'],
  [
    'LossNotSurvived',
    'pulsar.bookies.replicas',
    'pulsar: {bookies: {replicas: 4}}',
    'pulsar: {bookies: {replicas: 5}}',
  ],
  [
    'LossNotSurvived',
    'pulsar.metadata.replicas',
    'pulsar: {metadata: {replicas: 1}}',
    'pulsar: {metadata: {replicas: 5}}',
  ],
  [
    'LossNotSurvived',
    'pulsar.quorum.ack',
    'pulsar: {quorum: {ensemble: 3, write: 1, ack: 1}}',
    'pulsar: {quorum: {ensemble: 3, write: 2, ack: 1}}',
  ],
  [
    'LossNotSurvived',
    'pulsar.proxies.replicas',
    'pulsar: {survives: node, proxies: {replicas: 1}}',
    'pulsar: {survives: node, proxies: {replicas: 2}}',
  ],
  [
    'JvmExceedsMemory',
    'pulsar.brokers.memoryMiB',
    'pulsar: {brokers: {heapMiB: 2048, directMiB: 1024}}',
    'pulsar: {brokers: {heapMiB: 1536, directMiB: 1024}}',
  ],
  [
    'RetentionBelowReplay',
    'pulsar.retention.time',
    'pulsar: {retention: {time: 1h}}',
    'pulsar: {retention: {time: 1d}}',
  ],
  [
    'NamedTwice',
    'pulsar.tenants.0.name',
    'pulsar: {tenants: [{name: voice, namespaces: [{name: a}]}]}',
    'pulsar: {tenants: [{name: shop, namespaces: [{name: a}]}]}',
  ],
  [
    'NamedTwice',
    'pulsar.tenants.0.namespaces.0.topics.1.name',
    'pulsar: {tenants: [{name: shop, namespaces: [{name: a, topics: [{name: t}, {name: t}]}]}]}',
    'pulsar: {tenants: [{name: shop, namespaces: [{name: a, topics: [{name: t}]}, {name: b, topics: [{name: t}]}]}]}',
  ],
  [
    'RoleReserved',
    'pulsar.roles.0.name',
    'pulsar: {roles: [{name: broker, produces: [voice/chat/audio]}]}',
    'pulsar: {roles: [{name: mobile, produces: [voice/chat/audio]}]}',
  ],
  [
    'RoleUseless',
    'pulsar.roles.0.name',
    'pulsar: {roles: [{name: idle}]}',
    'pulsar: {roles: [{name: busy, consumes: [{topic: voice/chat/results, subscription: s}]}]}',
  ],
  [
    'TopicUnknown',
    'pulsar.roles.0.produces.0',
    'pulsar: {roles: [{name: mobile, produces: [voice/chat/adio]}]}',
    'pulsar: {roles: [{name: mobile, produces: [voice/chat/audio-dead-letters]}]}',
  ],
  [
    'TopicUnknown',
    'pulsar.roles.0.everywhereIn.0',
    'pulsar: {roles: [{name: app, everywhereIn: [shop/inbox]}]}',
    'pulsar: {tenants: [{name: shop, namespaces: [{name: inbox}]}], roles: [{name: app, everywhereIn: [shop/inbox]}]}',
  ],
  [
    'NamedTwice',
    'pulsar.tenants.0.name',
    'pulsar: {tenancy: {kind: tenantPerCustomer, customers: [{name: voice}], topics: [{name: events}]}}',
    'pulsar: {tenancy: {kind: tenantPerCustomer, customers: [{name: acme}], topics: [{name: events}]}}',
  ],
  [
    'TenancyClientUnknown',
    'pulsar.tenancy.clients.0',
    'pulsar: {tenancy: {kind: topicPerUser, users: 100, clients: [ap]}, roles: [{name: app, produces: [voice/chat/audio]}]}',
    users(100),
  ],
  // What a namespace is known to bear, and what it can not.
  ['NamespaceTooLarge', 'pulsar.tenancy.users', users(10_001), users(10_000)],
  ['NamespaceTooLarge', 'pulsar.tenancy.users', users(154_203), users(10_000)],
  [
    'NamespaceTooLarge',
    'pulsar.tenants.0.namespaces.0.maxTopics',
    'pulsar: {tenants: [{name: shop, namespaces: [{name: a, onDemand: true}]}]}',
    'pulsar: {tenants: [{name: shop, namespaces: [{name: a, onDemand: true, maxTopics: 500}]}]}',
  ],
  ['TopicsBeyondPulsar', 'pulsar.tenants', crowded(101), crowded(100)],
  ['ClientsBeyondStack', 'pulsar.tenancy', customers(471), customers(470)],
  [
    'EntranceMissing',
    'pulsar.roles.0.from',
    'entrances: {pulsar: {kind: none}}\npulsar: {roles: [{name: mobile, produces: [voice/chat/audio]}]}',
    'entrances: {pulsar: {kind: none}}\npulsar: {roles: [{name: batch, from: cluster, produces: [voice/chat/audio]}]}',
  ],
  [
    'LeafTooLongForCa',
    'tls.leafDuration',
    'tls: {leafDuration: 30d}',
    'tls: {leafDuration: 30d, issuer: {mode: general}}',
  ],
  [
    'LeafTooLongForCa',
    'tls.leafDuration',
    'tls: {leafDuration: 1826d, issuer: {mode: general}}',
    'tls: {leafDuration: 1825d, issuer: {mode: general}}',
  ],
  [
    'LeafTooLongForCa',
    'tls.leafDuration',
    'tls: {leafDuration: 91d, issuer: {mode: subordinate}}',
    'tls: {leafDuration: 90d, issuer: {mode: subordinate}}',
  ],
  ['LeafTooShort', 'tls.leafDuration', 'tls: {leafDuration: 30m}', 'tls: {leafDuration: 1h}'],
  ['RenewBeforeUnfit', 'tls.renewBefore', 'tls: {renewBefore: 7d}', 'tls: {renewBefore: 5d}'],
  [
    'IssuerArnMissing',
    'tls.issuer.arn',
    'tls: {issuer: {mode: existing}}',
    'tls: {issuer: {mode: existing, arn: "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/a"}}',
  ],
  [
    'IssuerArnUnused',
    'tls.issuer.arn',
    'tls: {issuer: {arn: "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/a"}}',
    'tls: {issuer: {mode: subordinate}}',
  ],
  [
    'IssuerElsewhere',
    'tls.issuer.arn',
    'tls: {issuer: {mode: existing, arn: "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/a"}}',
    'tls: {}',
  ],
  [
    'CaCannotSignAuthorities',
    'tls.issuer.usageMode',
    'tls: {issuer: {mode: subordinate, usageMode: short-lived, arn: "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/a"}}',
    'tls: {}',
  ],
  [
    'CaCannotSignAuthorities',
    'tls.issuer.usageMode',
    'tls: {issuer: {mode: subordinate, usageMode: short-lived}}',
    'tls: {issuer: {mode: subordinate, usageMode: general}}',
  ],
  [
    'LetsEncryptNeedsRoute53',
    'tls.issuer.kind',
    'dns: {kind: external, certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/a"}\ntls: {issuer: {kind: letsEncrypt, email: a@example.com}}',
    'tls: {issuer: {kind: letsEncrypt, email: a@example.com}}',
  ],
  [
    'IngressNginxRetired',
    'entrances.http.kind',
    'entrances: {http: {kind: ingress-nginx}}',
    'entrances: {http: {kind: nginx}}',
  ],
  [
    'GatewayUnsupported',
    'entrances.http.kind',
    'cluster: {kubernetesVersion: "1.32"}\nentrances: {http: {kind: gateway}}',
    'entrances: {http: {kind: gateway}}',
  ],
  [
    'EntranceOpenToWorld',
    'entrances.pulsar.allow',
    'entrances: {pulsar: {scheme: internet-facing, allow: [0.0.0.0/0]}}',
    'entrances: {pulsar: {scheme: internet-facing, allow: [203.0.113.0/24]}}',
  ],
  [
    'EntranceOpenToWorld',
    'entrances.http.adminAllow',
    'entrances: {http: {adminAllow: [0.0.0.0/0]}}',
    'entrances: {http: {adminAllow: [203.0.113.0/24]}}',
  ],
  [
    'WebSocketUnserved',
    'entrances.http.websocket',
    'entrances: {http: {websocket: true}}\npulsar: {websocket: off}',
    'entrances: {http: {websocket: true}}',
  ],
  [
    'WafInside',
    'entrances.http.waf',
    'entrances: {http: {scheme: internal, waf: true}}',
    'entrances: {http: {waf: true}}',
  ],
  [
    'FargateHasNoDisk',
    'web.runOn',
    'web: {runOn: fargate}',
    'web: {runOn: fargate}\nservices: {database: {kind: postgres, host: db.example.com}}',
  ],
  [
    'FargateSizeUnfit',
    'web.memoryMiB',
    'web: {runOn: fargate, cpu: 0.25, memoryMiB: 4096}',
    'web: {runOn: fargate, cpu: 0.5, memoryMiB: 4096}',
  ],
  ['FargateSizeUnfit', 'web.cpu', 'web: {runOn: fargate, cpu: 0.3}', 'web: {runOn: eks, cpu: 0.3}'],
  [
    'FargateNeedsEntrance',
    'entrances.pulsar.kind',
    'web: {runOn: fargate}\nentrances: {pulsar: {kind: service}}',
    'web: {runOn: fargate}\nentrances: {pulsar: {kind: nlb}}',
  ],
  [
    'FargateNeedsStore',
    'secrets.kind',
    'web: {runOn: fargate}\nsecrets: {kind: sops, kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/a"}',
    'web: {runOn: fargate}\nsecrets: {kind: parameterStore}',
  ],
  [
    'FargateImageMissing',
    'web.runOn',
    'web: {runOn: fargate}',
    'web: {runOn: fargate, image: registry.example.com/web:1}',
  ],
  [
    'Http01Unanswered',
    'tls.issuer.solver',
    'tls: {issuer: {kind: letsEncrypt, email: a@example.com, solver: http01}}',
    'tls: {issuer: {kind: letsEncrypt, email: a@example.com, solver: dns01}}',
  ],
  [
    'Http01Unanswered',
    'tls.issuer.solver',
    'tls: {issuer: {kind: letsEncrypt, email: a@example.com, solver: http01}}\nentrances: {http: {scheme: internal}}',
    'tls: {issuer: {kind: selfSigned}}\nentrances: {http: {scheme: internal}}',
  ],
  ['SopsKeyMissing', 'secrets', 'secrets: {kind: sops}', `secrets: {kind: sops, age: ${AGE}}`],
  [
    'SopsNeedsGit',
    'gitops.repository',
    `secrets: {kind: sops, age: ${AGE}}\ngitops: {kind: flux, repository: "oci://registry.example.com/voice"}`,
    `secrets: {kind: sops, age: ${AGE}}\ngitops: {kind: flux, repository: "https://git.example.com/voice.git"}`,
  ],
  [
    'SopsBesideArgoCd',
    'secrets.kind',
    `secrets: {kind: sops, age: ${AGE}}\ngitops: {kind: argocd, repository: "https://git.example.com/voice.git"}`,
    'gitops: {kind: argocd, repository: "https://git.example.com/voice.git"}',
  ],
  [
    'BacklogAbsent',
    'web.scaling.kind',
    'web: {scaling: {kind: backlog}}',
    'services: {images: {scaling: {kind: backlog}}}',
  ],
];

describe('rules over a config', () => {
  it.each(CASES)('%s at %s is found where it is, and only there', (code, place, bad, good) => {
    expect(found(bad)).toContain(`${code} ${place}`);
    expect(found(good).filter(finding => finding.startsWith(code))).toEqual([]);
  });

  it('find nothing in the defaults', () => {
    expect(found('', '2026-11-21')).toEqual([]);
  });

  it('know when extended support begins and when a version ends', () => {
    const version = (name: string, today: string) => found(`cluster: {kubernetesVersion: "${name}"}`, today);
    const path = 'cluster.kubernetesVersion';
    expect(version('1.34', '2026-09-01')).toEqual([]);
    expect(version('1.34', '2026-11-21')).toEqual([`KubernetesExtendedSupport ${path}`]);
    expect(version('1.33', '2026-11-21')).toEqual([`KubernetesExtendedSupport ${path}`]);
    expect(version('1.31', '2026-11-21')).toEqual([`KubernetesExtendedSupport ${path}`]);
    expect(version('1.31', '2026-11-26')).toEqual([`KubernetesNotOffered ${path}`]);
  });

  it('let Oxia pass with a warning once its plaintext is accepted', () => {
    const { config, findings } = parseConfig(`${BASE}pulsar: {metadata: {kind: oxia, plaintext: accepted}}`);
    expect(config?.pulsar.metadata.kind).toBe('oxia');
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([['OxiaPlaintext', 'warning']]);
  });

  it('count a zone with two of three ZooKeepers as a loss that is not survived', () => {
    expect(
      found('network: {zones: [eu-central-1a, eu-central-1b]}\nnodes: {stateful: {perZone: 3}}'),
    ).toContain('LossNotSurvived pulsar.metadata.replicas');
  });
});
