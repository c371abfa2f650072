import { isDeepStrictEqual } from 'node:util';
import type { NamespaceState, Permission, PulsarState, TopicState } from './state.js';

type Retention = NonNullable<NamespaceState['retention']>;

/** One step from what is there to what the plan wants. Doing it twice does no harm. */
export type AdminAction =
  | { readonly kind: 'createTenant'; readonly tenant: string }
  | { readonly kind: 'createNamespace'; readonly namespace: string }
  | {
      readonly kind: 'setRetention';
      readonly namespace: string;
      readonly retention: Retention;
      /** @default - it had none of its own */
      readonly before?: Retention;
    }
  | { readonly kind: 'setDeduplication'; readonly namespace: string; readonly enabled: boolean }
  | {
      readonly kind: 'setMaxTopics';
      readonly namespace: string;
      /** undefined: no limit of its own */
      readonly maxTopics: number | undefined;
    }
  | { readonly kind: 'setOnDemand'; readonly namespace: string; readonly enabled: boolean }
  | { readonly kind: 'createTopic'; readonly topic: string; readonly partitions: number }
  | { readonly kind: 'addPartitions'; readonly topic: string; readonly partitions: number }
  | { readonly kind: 'createSubscription'; readonly topic: string; readonly subscription: string }
  | {
      readonly kind: 'grant';
      readonly topic: string;
      readonly role: string;
      readonly permissions: readonly Permission[];
    }
  | { readonly kind: 'revoke'; readonly topic: string; readonly role: string }
  | { readonly kind: 'grantNamespace'; readonly namespace: string; readonly role: string }
  | { readonly kind: 'revokeNamespace'; readonly namespace: string; readonly role: string }
  | {
      readonly kind: 'grantSubscription';
      readonly namespace: string;
      readonly subscription: string;
      readonly roles: readonly string[];
    }
  | {
      readonly kind: 'revokeSubscription';
      readonly namespace: string;
      readonly subscription: string;
      readonly role: string;
    };

/**
 * The steps from `live` to `wanted`, in an order that can be applied. Tenants, namespaces and topics that the plan
 * does not name are left alone, and no topic or subscription is ever removed; but inside the plan's namespaces every
 * grant is the plan's. Pure.
 */
export function diff(wanted: PulsarState, live: PulsarState): AdminAction[] {
  const namespaces = wanted.namespaces.map(want => ({
    want,
    have: live.namespaces.find(({ name }) => name === want.name),
  }));
  return [
    ...wanted.tenants
      .filter(tenant => !live.tenants.includes(tenant))
      .map((tenant): AdminAction => ({ kind: 'createTenant', tenant })),
    ...namespaces.flatMap(({ want, have }) => namespaceActions(want, have)),
    ...namespaces.flatMap(({ want, have }) => want.topics.flatMap(topic => topicActions(topic, have))),
    ...namespaces.flatMap(({ want, have }) => grantActions(want, have)),
    ...namespaces.flatMap(({ want, have }) => subscriptionRoleActions(want, have)),
  ];
}

function namespaceActions(want: NamespaceState, have: NamespaceState | undefined): AdminAction[] {
  const { name: namespace, retention, deduplication, maxTopics, onDemand } = want;
  return [
    ...(have === undefined ? [{ kind: 'createNamespace', namespace } as const] : []),
    ...(retention !== undefined && !isDeepStrictEqual(retention, have?.retention)
      ? [
          {
            kind: 'setRetention',
            namespace,
            retention,
            ...(have?.retention && { before: have.retention }),
          } as const,
        ]
      : []),
    ...(deduplication !== (have?.deduplication ?? false)
      ? [{ kind: 'setDeduplication', namespace, enabled: deduplication } as const]
      : []),
    ...(maxTopics !== have?.maxTopics ? [{ kind: 'setMaxTopics', namespace, maxTopics } as const] : []),
    ...(onDemand !== (have?.onDemand ?? false)
      ? [{ kind: 'setOnDemand', namespace, enabled: onDemand } as const]
      : []),
  ];
}

function topicActions(want: TopicState, namespace: NamespaceState | undefined): AdminAction[] {
  const { name: topic, partitions } = want;
  const have = namespace?.topics.find(({ name }) => name === topic);
  const missing = want.subscriptions.filter(name => !have?.subscriptions.includes(name));
  return [
    ...(have === undefined ? [{ kind: 'createTopic', topic, partitions } as const] : []),
    ...(have !== undefined && have.partitions > 0 && partitions > have.partitions
      ? [{ kind: 'addPartitions', topic, partitions } as const]
      : []),
    ...missing.map(subscription => ({ kind: 'createSubscription', topic, subscription }) as const),
  ];
}

/** Grants before revocations, so that nobody is locked out in between. */
function grantActions(want: NamespaceState, have: NamespaceState | undefined): AdminAction[] {
  const live = have?.grants ?? {};
  const grants = Object.entries(want.grants).flatMap(([topic, roles]) =>
    Object.entries(roles)
      .filter(([role, permissions]) => !isDeepStrictEqual(live[topic]?.[role], permissions))
      .map(([role, permissions]): AdminAction => ({ kind: 'grant', topic, role, permissions })),
  );
  const revocations = Object.entries(live).flatMap(([topic, roles]) =>
    Object.keys(roles)
      .filter(role => want.grants[topic]?.[role] === undefined)
      .map((role): AdminAction => ({ kind: 'revoke', topic, role })),
  );
  const everywhere = want.namespaceGrants
    .filter(role => !have?.namespaceGrants.includes(role))
    .map((role): AdminAction => ({ kind: 'grantNamespace', namespace: want.name, role }));
  const broad = (have?.namespaceGrants ?? [])
    .filter(role => !want.namespaceGrants.includes(role))
    .map((role): AdminAction => ({ kind: 'revokeNamespace', namespace: want.name, role }));
  return [...grants, ...everywhere, ...revocations, ...broad];
}

function subscriptionRoleActions(want: NamespaceState, have: NamespaceState | undefined): AdminAction[] {
  const namespace = want.name;
  const live = have?.subscriptionRoles ?? {};
  const missing = Object.entries(want.subscriptionRoles)
    .filter(([subscription, roles]) => roles.some(role => !live[subscription]?.includes(role)))
    .map(
      ([subscription, roles]): AdminAction => ({ kind: 'grantSubscription', namespace, subscription, roles }),
    );
  const surplus = Object.entries(live).flatMap(([subscription, roles]) =>
    roles
      .filter(role => !want.subscriptionRoles[subscription]?.includes(role))
      .map((role): AdminAction => ({ kind: 'revokeSubscription', namespace, subscription, role })),
  );
  return [...missing, ...surplus];
}
