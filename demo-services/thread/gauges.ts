import { Counter, Gauge, type Registry } from 'prom-client';
import type { Message } from '../messaging/index.js';
import type { Applied } from './apply.js';
import type { Topic } from './parts.js';

/** What the view tells of itself. */
export function gaugesOf(registry: Registry) {
  const registers = [registry];
  const messages = new Counter({
    name: 'thread_messages_total',
    help: 'Messages of the log that came into the view, and those of them that could not be read',
    labelNames: ['topic', 'readable'],
    registers,
  });
  const age = new Gauge({
    name: 'thread_age_seconds',
    help: 'How old the last message was when it came into the view',
    labelNames: ['topic'],
    registers,
  });
  return {
    applied: (topic: Topic, { fresh, unreadable }: Applied, last: Message) => {
      messages.inc({ topic, readable: 'yes' }, fresh - unreadable);
      messages.inc({ topic, readable: 'no' }, unreadable);
      age.set({ topic }, Math.max(0, Date.now() - last.publishTime.getTime()) / 1_000);
    },
  };
}
