import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silent } from '../../report.js';
import { type BookieFacts, nextStep, type ScaleState } from './machine.js';
import { type ScaleStore, scaleBookies } from './run.js';
import { BookKeeperModel } from './testing/bookkeeper-model.js';

class Killed extends Error {}

/** Between two effects of a run; clients write and bookies fail in each of the first ones. */
const TROUBLED_MOMENTS = 200;
/** A run that needs more turns in a circle. */
const ENOUGH_MOMENTS = 20_000;

function memory(crash: () => void): ScaleStore & { readonly state: () => ScaleState | undefined } {
  let kept: ScaleState | undefined;
  const around = async (effect: () => void) => {
    crash();
    effect();
    crash();
  };
  return {
    state: () => kept,
    read: async () => kept,
    write: state =>
      around(() => {
        kept = state;
      }),
    remove: () =>
      around(() => {
        kept = undefined;
      }),
  };
}

/** Random numbers that a seed gives again (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const scenario = fc
  .record({
    quorum: fc.integer({ min: 1, max: 3 }),
    spare: fc.integer({ min: 1, max: 4 }),
    leave: fc.integer({ min: 1, max: 3 }),
    fragments: fc.integer({ min: 0, max: 20 }),
    seed: fc.integer(),
    kill: fc.double({ min: 0, max: 0.2, noNaN: true }),
    fail: fc.double({ min: 0, max: 0.2, noNaN: true }),
  })
  .map(({ quorum, spare, leave, ...rest }) => ({
    ...rest,
    quorum,
    from: quorum + spare + leave,
    to: quorum + spare,
  }));

describe('scaling bookies down, killed anywhere, while bookies fail and clients write', () => {
  it('loses no fragment, and ends in the same place', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ quorum, from, to, fragments, seed, kill, fail }) => {
        const random = seeded(seed);
        const model = new BookKeeperModel(from, quorum, fragments, random);
        let moments = 0;
        const crash = () => {
          // Whatever happened before, a quiet time must be enough to end it.
          moments++;
          if (moments > ENOUGH_MOMENTS) throw new Error('it does not come to an end');
          if (moments > TROUBLED_MOMENTS) {
            model.allUp();
            model.recover();
            return;
          }
          if (random() < 0.3) model.write();
          if (random() < fail) model.flip(Math.floor(random() * model.replicas));
          if (random() < 0.5) model.recover();
          if (random() < kill) throw new Killed();
        };
        const store = memory(crash);
        const run = () =>
          scaleBookies({
            cluster: model.cluster(crash),
            store,
            to,
            ensemble: quorum,
            timeoutMs: 3_600_000,
            pollMs: 0,
            report: silent,
            signal: new AbortController().signal,
          });
        let replicas: number | undefined;
        while (replicas === undefined) {
          try {
            ({ replicas } = await run());
          } catch (error) {
            if (!(error instanceof Killed)) throw error;
          }
        }
        expect(replicas).toBe(to);
        expect(store.state()).toBeUndefined();
        expect(model.fewestCopies).toBeGreaterThanOrEqual(quorum);
        const remaining = [...Array(to).keys()];
        expect(model.cookies).toEqual(remaining);
        for (const copies of model.fragments.values()) {
          expect(copies.size).toBe(quorum);
          for (const ordinal of copies) expect(remaining).toContain(ordinal);
        }
      }),
      { numRuns: 200 },
    );
  });
});

const facts = (replicas: number, more: Partial<BookieFacts> = {}): BookieFacts => ({
  replicas,
  underReplicated: 0,
  bookies: [...Array(replicas).keys()].map(ordinal => ({
    ordinal,
    state: 'writable',
    cookie: true,
    ledgers: 2,
  })),
  ...more,
});
const now = new Date('2026-01-01T00:00:00Z');
const leaving = (ordinal: number, until = '2026-01-01T01:00:00Z') => ({ ordinal, until });

describe('the next step', () => {
  it('lets the highest ordinal leave, by number and not by name', () => {
    expect(nextStep({ version: 1, to: 9 }, facts(11), now)).toEqual({ kind: 'begin', ordinal: 10 });
  });

  it('lets nobody leave while a ledger has too few copies', () => {
    expect(nextStep({ version: 1, to: 3 }, facts(4, { underReplicated: 1 }), now).kind).toBe(
      'awaitReplicated',
    );
  });

  it('does not retire the cookie of a bookie that holds a ledger', () => {
    const held = facts(4, { bookies: [{ ordinal: 3, state: 'readOnly', cookie: true, ledgers: 1 }] });
    expect(nextStep({ version: 1, to: 3, leaving: leaving(3) }, held, now).kind).toBe('drain');
  });

  it('takes back when the time is up, and not once the cookie is gone', () => {
    const state: ScaleState = { version: 1, to: 3, leaving: leaving(3, '2025-12-31T00:00:00Z') };
    expect(nextStep(state, facts(4), now).kind).toBe('revert');
    const gone = facts(4, { bookies: [{ ordinal: 3, state: 'readOnly', cookie: false, ledgers: 0 }] });
    expect(nextStep(state, gone, now)).toEqual({ kind: 'scale', replicas: 3 });
  });
});

describe('a run', () => {
  const start = (model: BookKeeperModel, to: number, timeoutMs = 1_000, store = memory(() => undefined)) =>
    scaleBookies({
      cluster: model.cluster(() => undefined),
      store,
      to,
      ensemble: 2,
      timeoutMs,
      pollMs: 1,
      report: silent,
      signal: new AbortController().signal,
    });

  it('refuses fewer bookies than a ledger needs, and more than there are', async () => {
    const model = new BookKeeperModel(4, 2, 5, seeded(1));
    await expect(start(model, 1)).rejects.toMatchObject({ code: 'ScaleRefused', refused: true });
    await expect(start(model, 5)).rejects.toMatchObject({ code: 'ScaleRefused' });
  });

  it('refuses another number while a bookie is leaving, and takes it between two of them', async () => {
    const model = new BookKeeperModel(4, 2, 5, seeded(1));
    const store = memory(() => undefined);
    await store.write({ version: 1, to: 3, leaving: leaving(3) });
    await expect(start(model, 2, 1_000, store)).rejects.toMatchObject({ code: 'ScaleInProgress' });
    await store.write({ version: 1, to: 3 });
    expect(await start(model, 2, 1_000, store)).toEqual({ replicas: 2 });
  });

  it('counts the time from its own beginning, also for a bookie that an earlier run let leave', async () => {
    const model = new BookKeeperModel(4, 2, 5, seeded(1));
    const store = memory(() => undefined);
    await store.write({ version: 1, to: 3, leaving: leaving(3, '2025-12-31T00:00:00Z') });
    expect(await start(model, 3, 1_000, store)).toEqual({ replicas: 3 });
  });

  it('says which bookies have left when it stops between two of them, and leaves no state behind', async () => {
    const model = new BookKeeperModel(5, 2, 5, seeded(1));
    const store = memory(() => undefined);
    const whole = model.cluster(() => undefined);
    const cluster = {
      ...whole,
      // After the first one has left, something else loses copies for good.
      facts: async () => {
        const found = await whole.facts();
        return { ...found, underReplicated: found.replicas < 5 ? 1 : found.underReplicated };
      },
    };
    const run = scaleBookies({
      ...{ cluster, store, to: 3, ensemble: 2, timeoutMs: 200, pollMs: 1, report: silent },
      signal: new AbortController().signal,
    });
    await expect(run).rejects.toMatchObject({
      ...{ code: 'ScaleUnsafe', refused: false },
      message: expect.stringContaining('1 bookies have left, 4 are there'),
    });
    expect(store.state()).toBeUndefined();
  });

  it('makes the bookie writable again when its ledgers find no other place in time', async () => {
    // Two copies on two bookies: the third has left for a while.
    const model = new BookKeeperModel(3, 2, 6, seeded(2));
    model.flip(0);
    model.recover();
    model.fragments.set(99, new Set([1, 2]));
    const store = memory(() => undefined);
    await store.write({ version: 1, to: 2, leaving: leaving(2, new Date(Date.now() + 200).toISOString()) });
    await expect(start(model, 2, 300, store)).rejects.toMatchObject({ code: 'ScaleTimeout' });
    expect(model.facts().bookies.find(({ ordinal }) => ordinal === 2)?.state).toBe('writable');
    expect(store.state()).toBeUndefined();
    expect(model.replicas).toBe(3);
  });
});
