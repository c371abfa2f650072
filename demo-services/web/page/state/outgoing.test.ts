import { expect, test } from 'vitest';
import { type OutgoingEvent, outgoing } from './outgoing.js';

const message = {
  key: 'key-0001',
  thread: 't',
  kind: 'audio',
  createdAt: '2026-01-01T00:00:00.000Z',
} as const;
const { key } = message;
const after = (...events: OutgoingEvent[]) => events.reduce(outgoing, []);

test('what is recorded offline is a draft and goes out when the network is back', () => {
  const recorded: OutgoingEvent = { type: 'recorded', message, online: false };
  expect(after(recorded)).toEqual([{ ...message, state: 'draft' }]);
  expect(after(recorded, { type: 'online' })).toEqual([{ ...message, state: 'sending' }]);
});

test('a lost connection makes drafts of what was on its way, under the same key', () => {
  const events: OutgoingEvent[] = [{ type: 'recorded', message, online: true }, { type: 'offline' }];
  expect(after(...events)).toEqual([{ ...message, state: 'draft' }]);
});

test('a refused message stays with its reason until its author retries or discards it', () => {
  const refused: OutgoingEvent[] = [
    { type: 'recorded', message, online: true },
    { type: 'refused', key, code: 'RequestInvalid', reason: 'too long' },
  ];
  expect(after(...refused, { type: 'online' })).toEqual([
    { ...message, state: 'refused', code: 'RequestInvalid', reason: 'too long' },
  ]);
  expect(after(...refused, { type: 'retried', key, online: true })).toEqual([
    { ...message, state: 'sending' },
  ]);
  expect(after(...refused, { type: 'discarded', key })).toEqual([]);
});

test('an accepted message leaves, and one recorded twice is there once', () => {
  const recorded: OutgoingEvent = { type: 'recorded', message, online: true };
  expect(after(recorded, recorded)).toHaveLength(1);
  expect(after(recorded, { type: 'accepted', key })).toEqual([]);
});
