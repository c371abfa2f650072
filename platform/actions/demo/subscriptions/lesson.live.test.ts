import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openStateFolder } from '../../../local/index.js';
import { testConfig } from '../../../local/testing/platform.js';
import { silent } from '../../../report.js';
import { TYPES } from './events.js';
import type { Facts } from './facts.js';
import { demoSubscriptions, type Lesson } from './index.js';

/** What the lesson teaches is true of the real broker. */
describe('the lesson', () => {
  let lesson: Lesson;
  let out: string;
  beforeAll(async () => {
    out = await mkdtemp(path.join(tmpdir(), 'lesson-'));
    lesson = await demoSubscriptions({
      config: testConfig(),
      folder: await openStateFolder(inject('platform').state),
      report: silent,
      signal: new AbortController().signal,
      out,
    });
  });
  afterAll(() => rm(out, { recursive: true, force: true }));
  const of = (type: string): Facts => {
    const facts = lesson.facts.find(it => it.type === type);
    if (facts === undefined) throw new Error(`${type} is part of the lesson`);
    return facts;
  };

  it('Exclusive has one consumer and refuses every other', () => {
    expect(of('Exclusive').refused).toEqual(['ben', 'cleo']);
    expect(of('Exclusive').workedBefore).toEqual(['ann']);
  });

  it('Failover refuses nobody, works by one, and moves to one other when that one dies', () => {
    const { refused, workedBefore, workedAfter } = of('Failover');
    expect([refused, workedBefore]).toEqual([[], ['ann']]);
    expect(workedAfter).toHaveLength(1);
  });

  it('Shared spreads the messages over all, keys too', () => {
    expect(of('Shared').workedBefore.toSorted()).toEqual(['ann', 'ben', 'cleo']);
    expect(of('Shared').sharedKeys).not.toEqual([]);
  });

  it('Key_Shared spreads the keys, and keeps each at one consumer', () => {
    expect(of('Key_Shared').workedBefore.length).toBeGreaterThan(1);
    expect(of('Key_Shared').sharedKeys).toEqual([]);
  });

  it.each(['Exclusive', 'Failover', 'Key_Shared'])(
    '%s keeps the order of each key, over the death too',
    type => {
      expect(of(type).outOfOrder).toBe(0);
    },
  );

  it.each(TYPES)('%s hands what the dead had in hand to the living, and loses nothing', type => {
    const { inHand, cameAgain, lost } = of(type);
    expect(cameAgain.map(({ message }) => message).toSorted()).toEqual(inHand.toSorted());
    expect(lost).toEqual([]);
  });

  it('has something in hand at the death where one consumer works', () => {
    expect(of('Exclusive').inHand).not.toEqual([]);
    expect(of('Failover').inHand).not.toEqual([]);
  });

  it('leaves a plot and a page that need nothing else', async () => {
    expect(await readFile(lesson.files.svg, 'utf8')).toMatch(/^<svg/);
    expect(await readFile(lesson.files.html, 'utf8')).toContain('Key_Shared');
  });
});
