import type { TopicDetail, TopicRow } from '../actions/topics/index.js';
import { table } from './table.js';

export function topicsText(rows: readonly TopicRow[]): string {
  return table(
    ['topic', 'partitions', 'KiB', 'producers', 'messages/s', 'waiting'],
    rows.map(({ alias, partitions, there, bytes, producers, messagesPerSecond, backlog }) =>
      there
        ? [alias, partitions || '-', Math.ceil(bytes / 1024), producers, messagesPerSecond, backlog]
        : [alias, 'not there: platform tenants apply', '', '', '', ''],
    ),
  );
}

export function topicText({ name, subscriptions, roles, ...row }: TopicDetail): string {
  return [
    name,
    topicsText([{ name, ...row }]),
    table(
      ['subscription', 'type', 'lasting', 'waiting', 'consumers'],
      subscriptions.map(it => [it.name, it.type, it.lasting ? 'yes' : '', it.backlog, it.consumers]),
    ),
    table(
      ['role', 'produces', 'consumes'],
      roles.map(({ role, produces, consumes }) => [role, produces ? 'yes' : '', consumes ? 'yes' : '']),
    ),
  ].join('\n\n');
}
