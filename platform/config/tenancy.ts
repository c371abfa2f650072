import type { ParsedConfig } from './schema/index.js';

type Pulsar = ParsedConfig['pulsar'];
type Tenant = Pulsar['tenants'][number];
type Role = Pulsar['roles'][number];

/**
 * A choice of tenancy as the tenants and roles that it stands for, after those that are written out: every reader knows
 * tenants and roles, and none has to know the choices. Pure.
 */
export function expandTenancy(pulsar: Pulsar): Pulsar {
  const { tenancy, tenants, roles } = pulsar;
  switch (tenancy.kind) {
    case 'none':
      return pulsar;
    case 'tenantPerCustomer':
      return {
        ...pulsar,
        tenants: [...tenants, ...tenancy.customers.map(({ name }) => tenantOf(name, tenancy))],
        roles: [...roles, ...tenancy.customers.map(customer => roleOf(customer, tenancy))],
      };
    case 'topicPerUser': {
      const { tenant, namespace: name, users: maxTopics, retention, clients } = tenancy;
      const namespace = { name, retention, topics: [], maxTopics, onDemand: true };
      return {
        ...pulsar,
        tenants: [...tenants, { name: tenant, namespaces: [namespace] }],
        roles: roles.map(role =>
          clients.includes(role.name)
            ? { ...role, everywhereIn: [...role.everywhereIn, `${tenant}/${name}`] }
            : role,
        ),
      };
    }
  }
}

type PerCustomer = Extract<Pulsar['tenancy'], { kind: 'tenantPerCustomer' }>;

function tenantOf(name: string, { namespace, retention, topics, maxTopics }: PerCustomer): Tenant {
  return { name, namespaces: [{ name: namespace, retention, topics, maxTopics, onDemand: false }] };
}

/** A customer may use its own topics, and nobody else's. */
function roleOf({ name, from }: PerCustomer['customers'][number], { namespace, topics }: PerCustomer): Role {
  const own = topics.map(topic => `${name}/${namespace}/${topic.name}`);
  return {
    ...{ name, from, everywhereIn: [], produces: own },
    consumes: own.map(topic => ({ topic, subscription: name, type: 'Shared' })),
  };
}
