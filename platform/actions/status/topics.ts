import { z } from 'zod';
import type { PulsarAdmin } from '../../edges/pulsar-admin.js';
import { type Plan, REPLAY_SUBSCRIPTION, type Topic } from '../../plan/index.js';
import { topicPath } from '../tenants/live.js';
import type { SubscriptionFact } from './facts.js';

const statsSchema = z.object({
  msgRateIn: z.number(),
  msgThroughputIn: z.number(),
  msgInCounter: z.number(),
  storageSize: z.number(),
  publishers: z.array(z.unknown()),
  subscriptions: z.record(
    z.string(),
    z.object({
      type: z.string().nullish(),
      isDurable: z.boolean(),
      msgBacklog: z.number(),
      unackedMessages: z.number(),
      msgRateOut: z.number(),
      consumers: z.array(z.object({ consumerName: z.string().nullish() })),
    }),
  ),
});

export type TopicStats = z.output<typeof statsSchema>;

/** What the broker says of a topic, its partitions added up; undefined when it has no such topic. */
export async function topicStats(admin: PulsarAdmin, topic: Topic): Promise<TopicStats | undefined> {
  const path = topicPath(topic.name);
  const stats = topic.partitions > 0 ? `${path}/partitioned-stats` : `${path}/stats`;
  const found = await admin.get(`${stats}?getPreciseBacklog=true`);
  return found === undefined ? undefined : statsSchema.parse(found);
}

export interface BacklogFacts {
  readonly subscriptions: readonly SubscriptionFact[];
  readonly deadLetters: readonly { readonly topic: string; readonly waiting: number }[];
}

/** What waits on each lasting subscription of the plan's topics, and among the dead letters. */
export async function backlogFacts(admin: PulsarAdmin, { topics }: Plan): Promise<BacklogFacts> {
  const all = await Promise.all(
    topics.map(async topic => ({ topic, stats: await topicStats(admin, topic) })),
  );
  const facts = all.flatMap(({ topic, stats }) =>
    Object.entries(stats?.subscriptions ?? {})
      .filter(([, { isDurable }]) => isDurable)
      .map(([subscription, { msgBacklog, unackedMessages, consumers }]) => ({
        topic: topic.alias,
        subscription,
        backlog: msgBacklog,
        unacknowledged: unackedMessages,
        consumers: consumers.length,
      })),
  );
  return {
    subscriptions: facts.filter(({ subscription }) => subscription !== REPLAY_SUBSCRIPTION),
    deadLetters: facts
      .filter(({ subscription }) => subscription === REPLAY_SUBSCRIPTION)
      .map(({ topic, backlog }) => ({ topic, waiting: backlog })),
  };
}
