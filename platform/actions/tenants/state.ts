import { type Namespace, type Plan, REPLAY_SUBSCRIPTION } from '../../plan/index.js';

/** What the kit manages of a Pulsar cluster: the same value for what the plan wants and for what is there. */
export interface PulsarState {
  readonly tenants: readonly string[];
  readonly namespaces: readonly NamespaceState[];
}

export interface NamespaceState {
  /** `tenant/namespace` */
  readonly name: string;
  readonly retention: { readonly minutes: number; readonly sizeMiB: number } | undefined;
  /** Whether the broker drops what a producer sends again after a lost answer. */
  readonly deduplication: boolean;
  /** Topics after which the broker refuses another one; undefined is what the broker says for all. */
  readonly maxTopics: number | undefined;
  /** Whether topics come into being with the first who uses them. */
  readonly onDemand: boolean;
  readonly topics: readonly TopicState[];
  /** Role → what it may do with a topic, by the topic's full name. */
  readonly grants: Readonly<Record<string, Readonly<Record<string, readonly Permission[]>>>>;
  /** Roles that may do something with every topic of the namespace. */
  readonly namespaceGrants: readonly string[];
  /** Subscription → the only roles that may use it. */
  readonly subscriptionRoles: Readonly<Record<string, readonly string[]>>;
}

export interface TopicState {
  /** `persistent://tenant/namespace/topic` */
  readonly name: string;
  /** 0: not partitioned. */
  readonly partitions: number;
  readonly subscriptions: readonly string[];
}

export type Permission = 'produce' | 'consume';

/** The part of a plan from which Pulsar's state follows. */
export type PulsarPlan = Pick<Plan, 'tenants' | 'namespaces' | 'topics' | 'roles'>;

/** What the plan wants. Pure. */
export function wantedState(plan: PulsarPlan): PulsarState {
  return {
    tenants: plan.tenants,
    namespaces: plan.namespaces.map(namespace => wantedNamespace(plan, namespace)),
  };
}

function wantedNamespace(
  { topics, roles }: PulsarPlan,
  { name, retention, maxTopics, onDemand = false }: Namespace,
): NamespaceState {
  const own = topics.filter(topic => topic.name.startsWith(`persistent://${name}/`));
  const services = roles.filter(({ superUser }) => !superUser);
  const durable = services.flatMap(role =>
    role.consumes
      .filter(({ type }) => type !== 'Reader')
      .map(subscription => ({ role: role.name, subscription })),
  );
  return {
    name,
    retention: { minutes: Math.ceil(retention.seconds / 60), sizeMiB: retention.sizeMiB },
    deduplication: true,
    ...{ maxTopics, onDemand },
    topics: own.map(topic => ({
      name: topic.name,
      partitions: topic.partitions,
      subscriptions: sorted([
        ...durable
          .filter(({ subscription }) => subscription.topic === topic.alias)
          .map(it => it.subscription.name),
        ...(topic.deadLettersOf === undefined ? [] : [REPLAY_SUBSCRIPTION]),
      ]),
    })),
    grants: Object.fromEntries(
      own.map(topic => [
        topic.name,
        Object.fromEntries(
          services.flatMap(role => {
            const permissions: Permission[] = [
              ...(role.produces.includes(topic.alias) ? (['produce'] as const) : []),
              ...(role.consumes.some(it => it.topic === topic.alias) ? (['consume'] as const) : []),
            ];
            return permissions.length === 0 ? [] : [[role.name, permissions]];
          }),
        ),
      ]),
    ),
    namespaceGrants: sorted(
      services.filter(({ everywhereIn = [] }) => everywhereIn.includes(name)).map(role => role.name),
    ),
    subscriptionRoles: {
      ...rolesBySubscription(
        durable.filter(({ subscription }) => own.some(({ alias }) => alias === subscription.topic)),
      ),
      ...(own.some(({ deadLettersOf }) => deadLettersOf !== undefined) && {
        [REPLAY_SUBSCRIPTION]: roles.filter(({ superUser }) => superUser).map(({ name: role }) => role),
      }),
    },
  };
}

function rolesBySubscription(
  uses: readonly { role: string; subscription: { name: string } }[],
): Record<string, string[]> {
  const names = sorted(uses.map(({ subscription }) => subscription.name));
  return Object.fromEntries(
    names.map(name => [
      name,
      sorted(uses.filter(({ subscription }) => subscription.name === name).map(({ role }) => role)),
    ]),
  );
}

/** Without duplicates, in a stable order. */
export function sorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
