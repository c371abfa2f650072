import { z } from 'zod';
import type { PulsarAdmin } from '../../edges/pulsar-admin.js';
import { type NamespaceState, type Permission, type PulsarState, sorted, type TopicState } from './state.js';

const actionsByRole = z.record(z.string(), z.array(z.string()));

/** The parts of Pulsar's `Policies` that the kit manages. */
const policiesSchema = z.object({
  auth_policies: z.object({
    namespace_auth: actionsByRole,
    destination_auth: z.record(z.string(), actionsByRole),
    subscription_auth_roles: actionsByRole,
  }),
  retention_policies: z.object({ retentionTimeInMinutes: z.int(), retentionSizeInMB: z.int() }).nullish(),
  deduplicationEnabled: z.boolean().nullish(),
  max_topics_per_namespace: z.int().nullish(),
  autoTopicCreationOverride: z.object({ allowAutoTopicCreation: z.boolean() }).nullish(),
});

const names = z.array(z.string());

/** Reads what is there of the namespaces and topics that `wanted` names. */
export async function liveState(admin: PulsarAdmin, wanted: PulsarState): Promise<PulsarState> {
  const tenants = names.parse(await admin.get('tenants'));
  const namespaces = await Promise.all(wanted.namespaces.map(namespace => liveNamespace(admin, namespace)));
  return { tenants, namespaces: namespaces.filter(namespace => namespace !== undefined) };
}

async function liveNamespace(
  admin: PulsarAdmin,
  wanted: NamespaceState,
): Promise<NamespaceState | undefined> {
  const found = await admin.get(`namespaces/${wanted.name}`);
  if (found === undefined) return undefined;
  const {
    auth_policies: auth,
    retention_policies: retention,
    deduplicationEnabled,
    max_topics_per_namespace: maxTopics,
    autoTopicCreationOverride: creation,
  } = policiesSchema.parse(found);
  const [single, partitioned] = await Promise.all(
    [`persistent/${wanted.name}`, `persistent/${wanted.name}/partitioned`].map(async path =>
      names.parse((await admin.get(path)) ?? []),
    ),
  );
  const topics = await Promise.all(
    wanted.topics.map(({ name }) => {
      if (partitioned?.includes(name)) return liveTopic(admin, name, true);
      return single?.includes(name) ? liveTopic(admin, name, false) : undefined;
    }),
  );
  return {
    name: wanted.name,
    retention: retention
      ? { minutes: retention.retentionTimeInMinutes, sizeMiB: retention.retentionSizeInMB }
      : undefined,
    deduplication: deduplicationEnabled ?? false,
    maxTopics: maxTopics ?? undefined,
    onDemand: creation?.allowAutoTopicCreation ?? false,
    topics: topics.filter(topic => topic !== undefined),
    grants: Object.fromEntries(
      Object.entries(auth.destination_auth).map(([topic, roles]) => [topic, permissionsOf(roles)]),
    ),
    namespaceGrants: Object.keys(auth.namespace_auth).sort(),
    subscriptionRoles: auth.subscription_auth_roles,
  };
}

async function liveTopic(admin: PulsarAdmin, name: string, partitioned: boolean): Promise<TopicState> {
  const path = topicPath(name);
  const [subscriptions, metadata] = await Promise.all([
    admin.get(`${path}/subscriptions`),
    partitioned ? admin.get(`${path}/partitions`) : undefined,
  ]);
  const { partitions } = z.object({ partitions: z.int() }).parse(metadata ?? { partitions: 0 });
  return { name, partitions, subscriptions: sorted(names.parse(subscriptions ?? [])) };
}

/** In the order that the plan uses. */
function permissionsOf(roles: z.output<typeof actionsByRole>): Record<string, Permission[]> {
  const order = (action: string) => (action === 'produce' ? 0 : 1);
  return Object.fromEntries(
    Object.entries(roles).map(([role, actions]) => [
      role,
      [...actions].sort((a, b) => order(a) - order(b)) as Permission[],
    ]),
  );
}

/** `persistent://tenant/namespace/topic` → `persistent/tenant/namespace/topic`, escaped. */
export function topicPath(topic: string): string {
  const [, rest = ''] = topic.split('://');
  return `persistent/${rest.split('/').map(encodeURIComponent).join('/')}`;
}
