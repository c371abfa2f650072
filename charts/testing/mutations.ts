import { parseDocument } from 'yaml';
import type { Code } from '../../platform/errors.js';

/** One way to break a sound config. */
export interface Mutation {
  readonly code: Code;
  readonly change: (text: string) => string;
}

const ARN = (region: string) => `arn:aws:acm-pca:${region}:123456789012:certificate-authority/a`;

/** A value at a path, in place of whatever is there. */
function set(code: Code, path: string, value: unknown): Mutation {
  return {
    code,
    change: text => {
      const document = parseDocument(text);
      document.setIn(path.split('.'), document.createNode(value));
      return document.toString();
    },
  };
}

const values = (code: Code, value: object) => set(code, 'pulsar.values', value);
const role = (code: Code, value: object) => set(code, 'pulsar.roles', [value]);

/** Each breaks every sound config, whatever else is in it. */
export const MUTATIONS: readonly Mutation[] = [
  { code: 'ConfigSyntax', change: text => `${text}\n  odd: [` },
  { code: 'ConfigSyntax', change: text => `${text}name: twice\n` },
  { code: 'ConfigInvalid', change: () => '- a list\n' },
  { code: 'ConfigMissing', change: text => text.replace(/^domain: .*$/m, '') },
  set('ConfigUnknownKey', 'domian', 'voice.example.com'),
  set('ConfigUnknownKey', 'pulsar.brokers.replica', 3),
  set('ConfigInvalid', 'network.cidr', 'ten'),
  set('ConfigInvalid', 'pulsar.bookies.replicas', 'three'),
  set('ConfigInvalid', 'tls.issuer', { kind: 'vault' }),
  // Only a region of which no zones are given must be known.
  {
    code: 'RegionUnknown',
    change: text =>
      set('RegionUnknown', 'network', {}).change(text.replace('region: eu-central-1', 'region: eu-centrl-1')),
  },
  set('ZoneNotInRegion', 'network.zones', ['eu-central-1a', 'eu-west-1b', 'eu-central-1c']),
  set('ZoneTwice', 'network.zones', ['eu-central-1a', 'eu-central-1b', 'eu-central-1a']),
  set('CidrUnfit', 'network.cidr', '10.0.0.0/23'),
  set('NameTooLong', 'name', 'the-voice-chat-of-our-friends-and-their-families'),
  set('KubernetesNotOffered', 'cluster.kubernetesVersion', '1.29'),
  set('InstanceTypeUnknown', 'nodes.edge', { instanceType: 'p4d.24xlarge' }),
  set('QuorumDisordered', 'pulsar.quorum', { ensemble: 3, write: 2, ack: 3 }),
  set('BookiesFewerThanEnsemble', 'pulsar.quorum', { ensemble: 10, write: 2, ack: 2 }),
  set('ZooKeeperEven', 'pulsar.metadata', { kind: 'zookeeper', replicas: 2 }),
  set('JvmExceedsMemory', 'pulsar.brokers', { memoryMiB: 2048, heapMiB: 2048, directMiB: 1024 }),
  set('NamedTwice', 'pulsar.tenants', [{ name: 'voice', namespaces: [{ name: 'a' }] }]),
  role('RoleReserved', { name: 'broker', produces: ['voice/chat/audio'] }),
  role('TopicUnknown', { name: 'mobile', produces: ['voice/chat/adio'] }),
  set('LeafTooShort', 'tls.leafDuration', '30m'),
  set('RenewBeforeUnfit', 'tls.renewBefore', '300d'),
  set('IssuerArnMissing', 'tls.issuer', { kind: 'awsPrivateCa', mode: 'existing' }),
  set('IssuerElsewhere', 'tls.issuer', { kind: 'awsPrivateCa', mode: 'existing', arn: ARN('eu-west-1') }),
  set('CaCannotSignAuthorities', 'tls.issuer', {
    kind: 'awsPrivateCa',
    mode: 'subordinate',
    usageMode: 'short-lived',
    arn: ARN('eu-central-1'),
  }),
  set('BacklogAbsent', 'web', { scaling: { kind: 'backlog' } }),
  values('ChartValueUnknown', { brokr: { replicaCount: 3 } }),
  values('ChartValueType', { zookeeper: { replicaCount: '3' } }),
  values('ChartValueDead', { rbac: { enabled: true } }),
  values('ChartValueTwice', { proxy: { configData: { authorizationEnabled: 'true' } } }),
  values('HardeningUndone', { tls: { bookie: { enabled: false } } }),
];
