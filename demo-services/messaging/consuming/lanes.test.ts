import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeLanes } from './lanes.js';

interface Item {
  readonly lane: string | undefined;
  readonly number: number;
}

const lanesOfItems = () => makeLanes<Item>(({ lane }) => lane);

describe('lanes', () => {
  it('hand out one item of a lane at a time, and items of no lane freely', () => {
    const lanes = lanesOfItems();
    for (const [number, lane] of ['a', 'a', 'b', undefined, undefined].entries()) lanes.add({ lane, number });
    const numbers = Array.from({ length: 5 }, () => lanes.take()?.number);
    expect(numbers).toEqual([0, 2, 3, 4, undefined]);
  });

  it('hand out an item again before what follows it', () => {
    const lanes = lanesOfItems();
    lanes.add({ lane: 'a', number: 0 });
    lanes.add({ lane: 'a', number: 1 });
    const first = lanes.take();
    if (first === undefined) throw new Error('there is one');
    lanes.again(first);
    expect(lanes.take()).toBe(first);
    lanes.finish(first);
    expect(lanes.take()?.number).toBe(1);
  });

  it('go on in order after a clear, once what was taken is finished', () => {
    const lanes = lanesOfItems();
    for (const number of [0, 1, 2]) lanes.add({ lane: 'a', number });
    const taken = lanes.take();
    if (taken === undefined) throw new Error('there is one');
    expect(lanes.clear().map(({ number }) => number)).toEqual([1, 2]);
    lanes.add({ lane: 'a', number: 3 });
    expect(lanes.take()).toBeUndefined();
    lanes.finish(taken);
    expect(lanes.take()?.number).toBe(3);
  });

  it('lose nothing and keep each lane in order, however items are finished', () => {
    const lane = fc.constantFrom('a', 'b', 'c', undefined);
    fc.assert(
      fc.property(fc.array(lane), fc.infiniteStream(fc.nat(2)), (added, choices) => {
        const lanes = lanesOfItems();
        for (const [number, name] of added.entries()) lanes.add({ lane: name, number });
        const seen: Item[] = [];
        const taken: Item[] = [];
        for (const choice of choices) {
          const item = choice === 0 ? undefined : lanes.take();
          if (item !== undefined) {
            if (item.lane !== undefined) expect(taken.map(other => other.lane)).not.toContain(item.lane);
            taken.push(item);
            seen.push(item);
          } else if (taken.length > 0) {
            const [done] = taken.splice(choice % taken.length, 1);
            if (done !== undefined) lanes.finish(done);
          } else if (seen.length === added.length) break;
        }
        for (const name of ['a', 'b', 'c']) {
          const numbers = seen.filter(item => item.lane === name).map(({ number }) => number);
          expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        }
      }),
    );
  });
});
