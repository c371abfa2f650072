import type { Config } from '../complete.js';
import type { Problem, Rule } from './rule.js';

/** A list of the topics of a namespace is one answer of ZooKeeper; the makers of Pulsar saw it fail at about this number. */
const TOPICS_OF_A_NAMESPACE = 10_000;
/** `bin/pulsar` gives broker and ZooKeeper this jute.maxbuffer: no answer may be larger. */
const LARGEST_ANSWER_BYTES = 10 * 1024 * 1024;
/** A name of 64 bytes and its length: what is not listed in the config has a name that nobody knows yet. */
const BYTES_OF_A_NAME = 68;
/** What ZooKeeper has been seen to hold of all of a cluster; it keeps everything in memory. */
const TOPICS_OF_A_CLUSTER = 1_000_000;
/** Resources of one CloudFormation stack. */
const RESOURCES_OF_A_STACK = 500;
/** Those of the stack of secrets that are of no client, rounded up. */
const RESOURCES_OF_OUR_OWN = 30;

interface Size {
  readonly name: string;
  readonly path: Problem['path'];
  /** Topics that there are from the beginning, and those that may come. */
  readonly topics: number;
}

function sizesOf({ pulsar: { tenants, tenancy } }: Config): Size[] {
  return tenants.flatMap((tenant, at) =>
    tenant.namespaces.map(({ name, topics, maxTopics, onDemand }, index) => {
      const declared = topics.reduce((sum, { partitions }) => sum + Math.max(1, partitions), 0);
      const isOfUsers = tenancy.kind === 'topicPerUser' && tenant.name === tenancy.tenant && onDemand;
      return {
        name: `${tenant.name}/${name}`,
        path: isOfUsers
          ? ['pulsar', 'tenancy', 'users']
          : ['pulsar', 'tenants', at, 'namespaces', index, onDemand ? 'maxTopics' : 'topics'],
        topics: onDemand ? Math.max(declared, maxTopics ?? Number.POSITIVE_INFINITY) : declared,
      };
    }),
  );
}

/** Oxia lists in pages. */
export const namespacesCanBeListed: Rule = config =>
  config.pulsar.metadata.kind !== 'zookeeper'
    ? []
    : sizesOf(config)
        .filter(({ topics }) => topics > TOPICS_OF_A_NAMESPACE)
        .map(({ name, path, topics }): Problem => {
          const fails = topics * BYTES_OF_A_NAME > LARGEST_ANSWER_BYTES;
          return {
            code: 'NamespaceTooLarge',
            severity: fails ? 'error' : 'warning',
            path,
            message: fails
              ? `ZooKeeper could not list the topics of ${name} in one answer`
              : `listing the topics of ${name} is slow, and near to what ZooKeeper answers`,
            saw: Number.isFinite(topics) ? topics : 'no limit',
            want: fails
              ? `<= ${Math.floor(LARGEST_ANSWER_BYTES / BYTES_OF_A_NAME)}: names of 64 bytes in 10 MiB`
              : `<= ${TOPICS_OF_A_NAMESPACE}`,
          };
        });

export const clusterHoldsItsTopics: Rule = config => {
  const topics = sizesOf(config).reduce((sum, size) => sum + size.topics, 0);
  if (
    config.pulsar.metadata.kind !== 'zookeeper' ||
    !Number.isFinite(topics) ||
    topics <= TOPICS_OF_A_CLUSTER
  ) {
    return [];
  }
  return [
    {
      code: 'TopicsBeyondPulsar',
      path: ['pulsar', config.pulsar.tenancy.kind === 'none' ? 'tenants' : 'tenancy'],
      message: 'more topics than ZooKeeper has been seen to hold of one cluster',
      saw: topics,
      want: `<= ${TOPICS_OF_A_CLUSTER}`,
    },
  ];
};

/** Each client has a token, and each token is a secret of its own in one stack. */
export const clientsFitTheStack: Rule = ({ secrets, pulsar: { roles, tenancy } }) =>
  secrets.kind !== 'secretsManager' || roles.length <= RESOURCES_OF_A_STACK - RESOURCES_OF_OUR_OWN
    ? []
    : [
        {
          code: 'ClientsBeyondStack',
          path: ['pulsar', tenancy.kind === 'tenantPerCustomer' ? 'tenancy' : 'roles'],
          message: 'the stack of secrets would have more resources than CloudFormation takes',
          saw: roles.length,
          want: `<= ${RESOURCES_OF_A_STACK - RESOURCES_OF_OUR_OWN} roles, customers included`,
        },
      ];

export const usersHaveTheirClients: Rule = ({ pulsar: { tenancy, roles } }) =>
  tenancy.kind !== 'topicPerUser'
    ? []
    : tenancy.clients.flatMap((client, index): Problem[] =>
        roles.some(({ name }) => name === client)
          ? []
          : [
              {
                code: 'TenancyClientUnknown',
                path: ['pulsar', 'tenancy', 'clients', index],
                message: `there is no role ${client} that could use the topics of the users`,
                saw: client,
                want: roles.map(({ name }) => name).join(', ') || 'an entry under pulsar.roles',
              },
            ],
      );
