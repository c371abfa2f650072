import type { PulsarAdmin } from '../../edges/pulsar-admin.js';
import type { AdminAction } from './diff.js';
import { topicPath } from './live.js';

/** Carries out the steps in their order; topics and their subscriptions, which are independent, side by side. */
export async function applyActions(admin: PulsarAdmin, actions: readonly AdminAction[]): Promise<void> {
  const clusters = await clusterNames(admin);
  const of = (...kinds: AdminAction['kind'][]) => actions.filter(({ kind }) => kinds.includes(kind));
  const topics = of('createTopic', 'addPartitions');
  const subscriptions = of('createSubscription');
  const before = of(
    'createTenant',
    'createNamespace',
    'setRetention',
    'setDeduplication',
    'setMaxTopics',
    'setOnDemand',
  );
  const after = actions.filter(action => ![...before, ...topics, ...subscriptions].includes(action));
  for (const action of before) await applyOne(admin, action, clusters);
  await Promise.all(topics.map(action => applyOne(admin, action, clusters)));
  await Promise.all(subscriptions.map(action => applyOne(admin, action, clusters)));
  // All of them change the one policies record of the namespace.
  for (const action of after) await applyOne(admin, action, clusters);
}

async function clusterNames(admin: PulsarAdmin): Promise<string[]> {
  const all = (await admin.get('clusters')) as string[];
  return all.filter(name => name !== 'global');
}

async function applyOne(admin: PulsarAdmin, action: AdminAction, clusters: readonly string[]): Promise<void> {
  switch (action.kind) {
    case 'createTenant':
      return admin.send('PUT', `tenants/${action.tenant}`, { adminRoles: [], allowedClusters: clusters });
    case 'createNamespace':
      return admin.send('PUT', `namespaces/${action.namespace}`, { replication_clusters: clusters });
    case 'setRetention':
      return admin.send('POST', `namespaces/${action.namespace}/retention`, {
        retentionTimeInMinutes: action.retention.minutes,
        retentionSizeInMB: action.retention.sizeMiB,
      });
    case 'setDeduplication':
      return admin.send('POST', `namespaces/${action.namespace}/deduplication`, action.enabled);
    case 'setMaxTopics':
      return action.maxTopics === undefined
        ? admin.send('DELETE', `namespaces/${action.namespace}/maxTopicsPerNamespace`)
        : admin.send('POST', `namespaces/${action.namespace}/maxTopicsPerNamespace`, action.maxTopics);
    case 'setOnDemand':
      return action.enabled
        ? admin.send('POST', `namespaces/${action.namespace}/autoTopicCreation`, {
            allowAutoTopicCreation: true,
            topicType: 'non-partitioned',
          })
        : admin.send('DELETE', `namespaces/${action.namespace}/autoTopicCreation`);
    case 'createTopic':
      return action.partitions === 0
        ? admin.send('PUT', topicPath(action.topic))
        : admin.send('PUT', `${topicPath(action.topic)}/partitions`, action.partitions);
    case 'addPartitions':
      return admin.send('POST', `${topicPath(action.topic)}/partitions`, action.partitions);
    case 'createSubscription':
      return admin.send('PUT', `${topicPath(action.topic)}/subscription/${action.subscription}`, EARLIEST);
    case 'grant':
      return admin.send('POST', `${topicPath(action.topic)}/permissions/${action.role}`, action.permissions);
    case 'revoke':
      return admin.send('DELETE', `${topicPath(action.topic)}/permissions/${action.role}`);
    case 'grantNamespace':
      return admin.send('POST', `namespaces/${action.namespace}/permissions/${action.role}`, [
        'produce',
        'consume',
      ]);
    case 'revokeNamespace':
      return admin.send('DELETE', `namespaces/${action.namespace}/permissions/${action.role}`);
    case 'grantSubscription':
      return admin.send(
        'POST',
        `namespaces/${action.namespace}/permissions/subscription/${action.subscription}`,
        action.roles,
      );
    case 'revokeSubscription':
      return admin.send(
        'DELETE',
        `namespaces/${action.namespace}/permissions/${action.subscription}/${action.role}`,
      );
  }
}

/** The message id before the first: a subscription that begins there misses nothing. */
const EARLIEST = { ledgerId: -1, entryId: -1, partitionIndex: -1 };
