import type { PulsarAdmin } from '../../edges/pulsar-admin.js';
import { PlatformError } from '../../errors.js';
import type { Plan, Topic } from '../../plan/index.js';
import { type TopicStats, topicStats } from '../status/topics.js';

export interface TopicRow {
  readonly alias: string;
  readonly name: string;
  readonly partitions: number;
  /** Whether the broker has it. */
  readonly there: boolean;
  /** Bytes that are kept. */
  readonly bytes: number;
  readonly producers: number;
  readonly messagesPerSecond: number;
  /** Of lasting subscriptions. */
  readonly backlog: number;
}

export interface TopicDetail extends TopicRow {
  readonly subscriptions: readonly {
    readonly name: string;
    readonly type: string;
    readonly lasting: boolean;
    readonly backlog: number;
    readonly consumers: number;
  }[];
  /** Roles of the plan, and what they may do with it. */
  readonly roles: readonly {
    readonly role: string;
    readonly produces: boolean;
    readonly consumes: boolean;
  }[];
}

/** The topics of the plan, as the broker has them. */
export async function listTopics(admin: PulsarAdmin, { topics }: Plan): Promise<TopicRow[]> {
  return Promise.all(topics.map(async topic => rowOf(topic, await topicStats(admin, topic))));
}

/**
 * One of them, by alias or full name.
 *
 * @throws PlatformError TopicNotFound
 */
export async function showTopic(admin: PulsarAdmin, plan: Plan, wanted: string): Promise<TopicDetail> {
  const topic = plan.topics.find(({ alias, name }) => alias === wanted || name === wanted);
  if (topic === undefined) {
    throw new PlatformError('TopicNotFound', `the plan has no topic ${JSON.stringify(wanted)}`, {
      saw: wanted,
      want: plan.topics.map(({ alias }) => alias).join(', '),
      refused: true,
    });
  }
  const stats = await topicStats(admin, topic);
  return {
    ...rowOf(topic, stats),
    subscriptions: Object.entries(stats?.subscriptions ?? {}).map(([name, subscription]) => ({
      name,
      type: subscription.type ?? '-',
      lasting: subscription.isDurable,
      backlog: subscription.msgBacklog,
      consumers: subscription.consumers.length,
    })),
    roles: plan.roles.flatMap(({ name: role, produces, consumes }) => {
      const may = {
        produces: produces.includes(topic.alias),
        consumes: consumes.some(it => it.topic === topic.alias),
      };
      return may.produces || may.consumes ? [{ role, ...may }] : [];
    }),
  };
}

/** Pure. */
export function rowOf({ alias, name, partitions }: Topic, stats: TopicStats | undefined): TopicRow {
  const lasting = Object.values(stats?.subscriptions ?? {}).filter(({ isDurable }) => isDurable);
  return {
    alias,
    name,
    partitions,
    there: stats !== undefined,
    bytes: stats?.storageSize ?? 0,
    producers: stats?.publishers.length ?? 0,
    messagesPerSecond: Math.round((stats?.msgRateIn ?? 0) * 10) / 10,
    backlog: lasting.reduce((sum, { msgBacklog }) => sum + msgBacklog, 0),
  };
}
