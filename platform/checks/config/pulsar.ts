import { configRules } from './config-rules.js';

function customers(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `{name: customer-${index}}`);
  return `{kind: tenantPerCustomer, customers: [${names}], topics: [{name: events}]}`;
}

/** So many namespaces of 10 000 topics each. */
function crowded(count: number): string {
  const names = Array.from(
    { length: count },
    (_, index) => `{name: n${index}, onDemand: true, maxTopics: 10000}`,
  );
  return `[{name: shop, namespaces: [${names}]}]`;
}

/** Pages of the rules in platform/config/rules/pulsar.ts and clients.ts. */
export const PULSAR_PAGES = configRules([
  {
    code: 'LossNotSurvived',
    group: 'config',
    severity: 'error',
    happens: 'A zone is lost, and with it reads or writes, though the platform was paid to survive it.',
    why: 'Votes, ensembles and acknowledged copies must be left elsewhere; the kit tries every placement.',
    source: 'https://github.com/apache/pulsar/issues/20918',
    examples: {
      bad: { config: 'pulsar: {bookies: {replicas: 4}}' },
      good: { config: 'pulsar: {bookies: {replicas: 5}}' },
    },
  },
  {
    code: 'RetentionBelowReplay',
    group: 'config',
    severity: 'warning',
    happens:
      'Dead letters are gone before anybody looks at them, and a view that is built anew from the log has holes.',
    why: 'Readers keep no position in the broker: what no subscription holds is deleted as soon as retention allows.',
    source: 'https://github.com/apache/pulsar/issues/4740',
    examples: {
      bad: { config: 'pulsar: {retention: {time: 1h}}' },
      good: { config: 'pulsar: {retention: {time: 7d}}' },
    },
  },
  {
    code: 'NamedTwice',
    group: 'config',
    severity: 'error',
    happens: 'Two teams believe that a tenant or topic is theirs alone.',
    why: 'Names are identities: the second one would silently be the first.',
    source: 'https://pulsar.apache.org/docs/4.0.x/concepts-multi-tenancy/',
    examples: {
      bad: { config: 'pulsar: {tenants: [{name: voice, namespaces: [{name: a}]}]}' },
      good: { config: 'pulsar: {tenants: [{name: shop, namespaces: [{name: a}]}]}' },
    },
  },
  {
    code: 'RoleReserved',
    group: 'config',
    severity: 'error',
    happens: 'A client would have the powers of a broker: super user over everything.',
    why: 'A role is only a name in a token; the parts of the platform use some names for themselves.',
    source: 'https://pulsar.apache.org/docs/4.0.x/security-authorization/#superusers',
    examples: {
      bad: { config: 'pulsar: {roles: [{name: broker, produces: [voice/chat/audio]}]}' },
      good: { config: 'pulsar: {roles: [{name: mobile, produces: [voice/chat/audio]}]}' },
    },
  },
  {
    code: 'RoleUseless',
    group: 'config',
    severity: 'warning',
    happens:
      'A token is issued, kept and rotated that opens nothing; whoever uses it looks for the mistake elsewhere.',
    why: 'A role without a topic has no grant.',
    source: 'https://pulsar.apache.org/docs/4.0.x/security-authorization/',
    examples: {
      bad: { config: 'pulsar: {roles: [{name: idle}]}' },
      good: { config: 'pulsar: {roles: [{name: busy, produces: [voice/chat/audio]}]}' },
    },
  },
  {
    code: 'TopicUnknown',
    group: 'config',
    severity: 'error',
    happens:
      'The client waits for messages on a topic that nobody writes to, one letter beside the right one.',
    why: 'Topics are declared and never made by themselves.',
    source: 'https://pulsar.apache.org/docs/4.0.x/concepts-messaging/#topics',
    examples: {
      bad: { config: 'pulsar: {roles: [{name: mobile, produces: [voice/chat/adio]}]}' },
      good: { config: 'pulsar: {roles: [{name: mobile, produces: [voice/chat/audio]}]}' },
    },
  },
  {
    code: 'TenancyClientUnknown',
    group: 'config',
    severity: 'error',
    happens: 'The topics of the users are there, and nobody may write to them.',
    why: 'Users have no tokens of their own: a role acts for them, and it must be one of the config.',
    source: 'https://pulsar.apache.org/docs/4.0.x/security-authorization/',
    examples: {
      bad: { config: 'pulsar: {tenancy: {kind: topicPerUser, users: 100, clients: [nobody]}}' },
      good: {
        config: 'pulsar: {tenancy: {kind: topicPerUser, users: 100, clients: [app]}, roles: [{name: app}]}',
      },
    },
  },
  {
    code: 'NamespaceTooLarge',
    group: 'config',
    severity: 'error',
    happens:
      'One day nobody can list the topics of the namespace: the connection to ZooKeeper breaks, again and again.',
    why: 'The topics of a namespace are children of one node, and one answer names them all.',
    source: 'https://github.com/apache/pulsar/issues/15254',
    examples: {
      bad: {
        config:
          'pulsar: {tenancy: {kind: topicPerUser, users: 500000, clients: [app]}, roles: [{name: app}]}',
      },
      good: {
        config: 'pulsar: {tenancy: {kind: topicPerUser, users: 9000, clients: [app]}, roles: [{name: app}]}',
      },
    },
  },
  {
    code: 'TopicsBeyondPulsar',
    group: 'config',
    severity: 'error',
    happens: 'Brokers take minutes to take over topics, and ZooKeeper runs out of memory.',
    why: 'Each topic is several nodes of metadata, all of which ZooKeeper keeps in memory.',
    source: 'https://github.com/apache/pulsar/wiki/PIP-8:-Pulsar-beyond-1M-topics',
    examples: {
      bad: { config: `pulsar: {tenants: ${crowded(101)}}` },
      good: { config: `pulsar: {tenants: ${crowded(100)}}` },
    },
  },
  {
    code: 'ClientsBeyondStack',
    group: 'config',
    severity: 'error',
    happens:
      'CloudFormation refuses the whole stack of secrets, after the customers were promised their start.',
    why: 'Each client has a token of its own in Secrets Manager, and a stack has 500 resources at most.',
    source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html',
    examples: {
      bad: { config: `pulsar: {tenancy: ${customers(471)}}` },
      good: { config: `pulsar: {tenancy: ${customers(470)}}` },
    },
  },
  {
    code: 'EntranceMissing',
    group: 'config',
    severity: 'error',
    happens: 'The client outside times out: there is no door.',
    why: 'Who dials from outside needs an entrance that is on.',
    source: 'https://github.com/apache/pulsar-helm-chart/issues/423',
    examples: {
      bad: {
        config:
          'entrances: {pulsar: {kind: none}}\npulsar: {roles: [{name: mobile, produces: [voice/chat/audio]}]}',
      },
      good: {
        config:
          'entrances: {pulsar: {kind: none}}\npulsar: {roles: [{name: batch, from: cluster, produces: [voice/chat/audio]}]}',
      },
    },
  },
]);
