import { expect, it } from 'vitest';
import { makeTally } from './tally.js';

const settle = () => new Promise(resolve => setImmediate(resolve));

it('waits for all that has begun so far, in whatever order it ends, and for nothing that begins later', async () => {
  const tally = makeTally();
  const events: string[] = [];
  await tally.ended();
  const [a, b] = [tally.begin(), tally.begin()];
  void tally.ended().then(() => events.push('a and b'));
  const c = tally.begin();
  void tally.ended().then(() => events.push('c too'));
  tally.begin();
  for (const [name, wave] of Object.entries({ c, b, a })) {
    await settle();
    events.push(name);
    tally.end(wave);
  }
  await settle();
  expect(events).toEqual(['c', 'b', 'a', 'a and b', 'c too']);
});
