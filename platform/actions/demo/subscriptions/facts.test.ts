import { describe, expect, it } from 'vitest';
import type { LessonEvent, LessonRun } from './events.js';
import { factsOf } from './facts.js';
import { barsOf } from './plot.js';
import { deathOf, lessonOf, rowsOf } from './words.js';

const KILLED_AT = 1_000;

function run(...events: readonly [at: number, consumer: string, kind: 'begun' | 'done', message: number][]) {
  const shared = events.map(
    ([at, consumer, kind, message]): LessonEvent => ({
      at,
      consumer,
      kind,
      message,
      type: 'Shared',
      key: `k${message % 2}`,
    }),
  );
  const lesson: LessonRun = {
    transport: 'websocket',
    consumers: ['ann', 'ben'],
    victim: 'ann',
    firstSentAt: 0,
    killedAt: KILLED_AT,
    sent: [1, 2, 3],
    events: shared,
  };
  return lesson;
}

function sharedFacts(lesson: LessonRun) {
  const facts = factsOf(lesson).find(({ type }) => type === 'Shared');
  if (facts === undefined) throw new Error('Shared is one of the types');
  return facts;
}

const death = run(
  [100, 'ann', 'begun', 1],
  [200, 'ben', 'begun', 2],
  [300, 'ann', 'done', 1],
  [400, 'ann', 'begun', 3],
  [500, 'ben', 'done', 2],
  [1_250, 'ben', 'begun', 3],
  [1_400, 'ben', 'done', 3],
);

describe('what the events of a subscription say', () => {
  it('finds what was in hand at the death, to whom it came again, and when', () => {
    expect(sharedFacts(death)).toMatchObject({
      done: { ann: 1, ben: 2 },
      inHand: [3],
      cameAgain: [{ message: 3, to: 'ben' }],
      gapMs: 250,
      lost: [],
      doneTwice: [],
    });
  });

  it('does not take for in hand what the victim finished, though its word came after its death', () => {
    const facts = sharedFacts(run([900, 'ann', 'begun', 1], [1_001, 'ann', 'done', 1]));
    expect(facts.inHand).toEqual([]);
  });

  it('counts a message that was done twice, and one that nobody did', () => {
    const facts = sharedFacts(
      run(
        [1, 'ann', 'begun', 1],
        [2, 'ann', 'done', 1],
        [1_100, 'ben', 'begun', 1],
        [1_200, 'ben', 'done', 1],
      ),
    );
    expect(facts).toMatchObject({ doneTwice: [1], lost: [2, 3] });
  });

  it('sees a key at two consumers, and a later message of a key before an earlier one', () => {
    const facts = sharedFacts(run([1, 'ann', 'begun', 3], [2, 'ben', 'begun', 1]));
    expect(facts).toMatchObject({ sharedKeys: ['k1'], outOfOrder: 1 });
  });

  it('lets a key move to another consumer by the death alone', () => {
    expect(sharedFacts(run([1, 'ann', 'begun', 1], [1_100, 'ben', 'begun', 3])).sharedKeys).toEqual([]);
  });
});

describe('what is shown of it', () => {
  it('ends the bar of a message in hand at the death, and marks it', () => {
    expect(barsOf(death)).toContainEqual(
      expect.objectContaining({ message: 3, consumer: 'ann', from: 0.4, to: 1, died: true }),
    );
    expect(barsOf(death).filter(({ died }) => died)).toHaveLength(1);
  });

  it('says what was measured', () => {
    const facts = sharedFacts(death);
    expect(rowsOf([facts])[0]).toEqual([
      'Shared',
      'ann 1  ben 2',
      '-',
      '0',
      '0',
      '#3',
      '#3 to ben',
      '0.3 s',
      '0',
      '0',
    ]);
    expect(lessonOf(facts)).toContain('ann, ben worked side by side');
    expect(deathOf([facts])).toContain('Of 1 messages in the hand of the dead consumer 1 came again');
  });
});
