import fc from 'fast-check';
import { expect, it } from 'vitest';
import { messagesOf, type Scenario } from './scenario.js';

const scenario: fc.Arbitrary<Scenario> = fc.record({
  count: fc.integer({ min: 1, max: 300 }),
  imageShare: fc.double({ min: 0, max: 1, noNaN: true }),
  corrupt: fc.double({ min: 0, max: 1, noNaN: true }),
  users: fc.integer({ min: 1, max: 40 }),
  threads: fc.integer({ min: 1, max: 20 }),
  seed: fc.nat(),
});

it('has exactly so many messages, pictures and corrupted ones, the same each time', () => {
  fc.assert(
    fc.property(scenario, wanted => {
      const messages = messagesOf(wanted);
      const { count, imageShare, corrupt, users, threads } = wanted;
      expect(messages).toHaveLength(count);
      expect(messages.filter(({ kind }) => kind === 'image')).toHaveLength(Math.round(count * imageShare));
      expect(messages.filter(({ corruption }) => corruption)).toHaveLength(Math.round(count * corrupt));
      expect(new Set(messages.map(({ author }) => author)).size).toBeLessThanOrEqual(users);
      expect(new Set(messages.map(({ thread }) => thread)).size).toBeLessThanOrEqual(threads);
      expect(messagesOf(wanted)).toEqual(messages);
    }),
  );
});

it('spoils in every way before it spoils in one way twice', () => {
  const messages = messagesOf({ count: 40, imageShare: 0.5, corrupt: 0.2, users: 2, threads: 2, seed: 7 });
  const corruptions = messages.flatMap(({ corruption }) => corruption ?? []);
  expect(new Set(corruptions).size).toBe(8);
});

it('says something else with another seed', () => {
  const said = (seed: number) =>
    messagesOf({ count: 20, imageShare: 0, corrupt: 0, users: 3, threads: 2, seed }).map(message =>
      message.kind === 'audio' ? message.sentence : '',
    );
  expect(said(1)).not.toEqual(said(2));
});
