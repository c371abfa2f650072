import { type Config, toSeconds } from '../config/index.js';
import { voiceTopics } from './services.js';
import type { Namespace, Role, ServicePlan, Topic } from './types.js';

/** Subscription of every dead-letter topic: it keeps what was given up until an operator has sent it again. */
export const REPLAY_SUBSCRIPTION = 'replay';

export function tenantsOf({ pulsar }: Config): string[] {
  return [pulsar.tenant, ...pulsar.tenants.map(({ name }) => name)];
}

export function namespacesOf({ pulsar }: Config): Namespace[] {
  const namespace = (name: string, { time, sizeMiB }: Config['pulsar']['retention']): Namespace => ({
    name,
    retention: { seconds: toSeconds(time), sizeMiB },
  });
  return [
    namespace(`${pulsar.tenant}/${pulsar.namespace}`, pulsar.retention),
    ...pulsar.tenants.flatMap(tenant =>
      tenant.namespaces.map(({ name, retention, maxTopics, onDemand }) => ({
        ...namespace(`${tenant.name}/${name}`, retention),
        ...(maxTopics !== undefined && { maxTopics }),
        ...(onDemand && { onDemand }),
      })),
    ),
  ];
}

const PULSARS_OWN_MINUTES = 360;

/**
 * How long brokers remember the numbers of a producer that is away. Whoever sends again under its number what was in
 * doubt (the outbox of web, a replay of dead letters) may have been down all that while: as long as the log keeps the
 * first copy, the second must be known. Pulsar's own six hours are less than a weekend.
 */
export function producersRememberedMinutes(namespaces: readonly Namespace[]): number {
  const kept = namespaces.map(({ retention }) => Math.ceil(retention.seconds / 60));
  return Math.max(PULSARS_OWN_MINUTES, ...kept);
}

/** The topics of the voice chat and the user's own; the latter's alias is tenant/namespace/topic. */
export function topicsOf(config: Config): Topic[] {
  return [
    ...voiceTopics(config),
    ...config.pulsar.tenants.flatMap(tenant =>
      tenant.namespaces.flatMap(namespace =>
        namespace.topics.map(({ name, partitions }) => {
          const alias = `${tenant.name}/${namespace.name}/${name}`;
          return { name: `persistent://${alias}`, alias, partitions };
        }),
      ),
    ),
  ];
}

/** Super users, services and the user's own roles, each with all that it may do. */
export function rolesOf(
  config: Config,
  superUsers: readonly string[],
  services: readonly ServicePlan[],
): Role[] {
  const { tenant, namespace, roles } = config.pulsar;
  const own = `${tenant}/${namespace}/`;
  const aliasOf = (topic: string) => (topic.startsWith(own) ? topic.slice(own.length) : topic);
  return [
    ...superUsers.map(name => ({ name, superUser: true, produces: [], consumes: [] })),
    ...services.map(({ name, produces, consumes }) => ({ name, superUser: false, produces, consumes })),
    ...roles.map(({ name, produces, consumes, everywhereIn }) => ({
      name,
      superUser: false,
      produces: produces.map(aliasOf),
      consumes: consumes.map(({ topic, subscription, type }) => ({
        topic: aliasOf(topic),
        name: subscription,
        type,
      })),
      ...(everywhereIn.length > 0 && { everywhereIn }),
    })),
  ];
}
