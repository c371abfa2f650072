import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beforeChanges } from '../../../errors.js';
import { silent } from '../../../report.js';
import { redGates } from './gates.js';
import { largestBacklog, pulsarHealth, roleIn } from './health.js';
import { nextRestart, type PodFact, type SetFact } from './machine.js';
import { assertGreen, restartInOrder } from './run.js';
import { PulsarModel } from './testing/pulsar-model.js';

class Killed extends Error {}

const LIMITS = { ensemble: 3, maxBacklog: 1_000 };
/** A run that needs more looks turns in a circle. */
const ENOUGH_MOMENTS = 5_000;

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const options = (cluster: ReturnType<PulsarModel['cluster']>, timeoutMs = 600_000) => ({
  cluster,
  limits: LIMITS,
  ignoreGates: false,
  timeoutMs,
  pollMs: 0,
  report: silent,
  signal: new AbortController().signal,
});

const scenario = fc.record({
  zookeeper: fc.constantFrom(1, 3, 5),
  bookie: fc.integer({ min: 3, max: 6 }),
  broker: fc.integer({ min: 1, max: 3 }),
  proxy: fc.integer({ min: 1, max: 3 }),
  changed: fc.subarray(['zookeeper', 'bookie', 'broker', 'proxy'], { minLength: 1 }),
  /** Changed again by the run after the first kill. */
  again: fc.subarray(['zookeeper', 'bookie', 'broker', 'proxy']),
  kill: fc.double({ min: 0, max: 0.4, noNaN: true }),
  fail: fc.double({ min: 0, max: 0.3, noNaN: true }),
  seed: fc.integer(),
});

describe('restarts in order, on a model of the sets, killed anywhere and failing in between', () => {
  it('end with every pod current and ready, and take a ready pod away only when everything else is well', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ changed, again, kill, fail, seed, ...replicas }) => {
        const model = new PulsarModel(replicas);
        const random = seeded(seed);
        let [moments, kills] = [0, 0];
        const moment = () => {
          moments += 1;
          if (moments > ENOUGH_MOMENTS) throw new Error('it turns in a circle');
          if (moments < 200 && random() < fail) model.fail(random);
          if (random() < 0.6 || moments > 200) model.settle();
          if (moments < 400 && random() < kill) throw new Killed();
        };
        for (const component of changed) model.change(component);
        for (;;) {
          try {
            await restartInOrder(options(model.cluster(moment)));
            break;
          } catch (error) {
            if (!(error instanceof Killed)) throw error;
            kills += 1;
            if (kills === 1) for (const component of again) model.change(component);
          }
        }
        for (const { component, pods, revision } of model.sets) {
          for (const pod of pods) expect(pod, component).toMatchObject({ revision });
        }
        for (const deletion of model.deletions) {
          expect(deletion.wasStale).toBe(true);
          expect(deletion.staleBefore).toEqual([]);
          if (!deletion.wasReady) continue;
          expect(deletion.underReplicated).toBe(0);
          expect(deletion.backlog).toBeLessThanOrEqual(LIMITS.maxBacklog);
          // Pods of later sets may be away; they are seen to when their turn comes.
          const order = model.sets.map(set => set.component);
          const upTo = order.slice(0, order.indexOf(deletion.component) + 1);
          expect(deletion.away.filter(name => upTo.some(it => name.startsWith(`${it}-`)))).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('touch nothing when everything is current, and each stale pod once', async () => {
    const model = new PulsarModel({ zookeeper: 3, bookie: 4, broker: 2, proxy: 2 });
    await restartInOrder(options(model.cluster(() => model.settle())));
    expect(model.deletions).toEqual([]);
    model.change('bookie');
    model.change('broker');
    const { restarted } = await restartInOrder(options(model.cluster(() => model.settle())));
    expect(restarted).toEqual(['bookie-3', 'bookie-2', 'bookie-1', 'bookie-0', 'broker-1', 'broker-0']);
  });

  it.each([
    [3, 1],
    [4, 0],
  ])(
    'say once that nobody can write meanwhile when none of %i bookies is to spare',
    async (bookie, times) => {
      const model = new PulsarModel({ zookeeper: 3, bookie });
      const warnings: string[] = [];
      model.change('bookie');
      const report = { ...silent, warning: (_: string, text: string) => warnings.push(text) };
      await restartInOrder({ ...options(model.cluster(() => model.settle())), report });
      expect(warnings.filter(text => text.includes('no ledger can be opened'))).toHaveLength(times);
    },
  );

  it('stop with what is red when a gate does not turn green in time, one pod after the beginning at most', async () => {
    const model = new PulsarModel({ zookeeper: 3, bookie: 4 });
    model.change('bookie');
    const run = restartInOrder(
      options(
        model.cluster(() => {
          model.settle();
          // Autorecovery never gets to its end.
          if (model.deletions.length > 0) model.underReplicated = 7;
        }),
        50,
      ),
    );
    await expect(run).rejects.toMatchObject({
      code: 'GateRed',
      refused: false,
      timedOut: true,
      saw: 'under-replicated ledgers: 7',
    });
    expect(model.deletions.map(({ ordinal }) => ordinal)).toEqual([3]);
  });
});

describe('a stage', () => {
  const red = { metadata: { members: 3, serving: 2 } };
  const gate = (ignoreGates: boolean, warnings: string[] = []) =>
    assertGreen('pulsar', {
      cluster: { sets: async () => [], health: async () => red, restart: async () => undefined },
      limits: LIMITS,
      ignoreGates,
      report: { ...silent, warning: (_, text) => warnings.push(text) },
    });

  it('is refused while a gate is red, with what is red and what to do', async () => {
    await expect(beforeChanges(() => gate(false))).rejects.toMatchObject({
      code: 'GateRed',
      refused: true,
      saw: 'quorum: 2',
      want: 'quorum: at least 3 members serving',
      fix: expect.stringContaining('--ignore-gates'),
    });
  });

  it('is begun all the same when it is said that the change mends it, with a warning', async () => {
    const warnings: string[] = [];
    await gate(true, warnings);
    expect(warnings.join()).toContain('quorum: 2');
  });
});

describe('the gates', () => {
  const good = {
    metadata: { members: 3, serving: 3 },
    bookies: { replicas: 4, writable: 4, underReplicated: 0 },
    backlog: 1_000,
  };
  const red = (more: object) => redGates({ ...good, ...more }, LIMITS).map(({ gate }) => gate);

  it('are green when one more may go', () => {
    expect(red({})).toEqual([]);
    expect(red({ metadata: { members: 5, serving: 4 } })).toEqual([]);
    expect(red({ metadata: { members: 1, serving: 1 } })).toEqual([]);
    expect(redGates({}, LIMITS)).toEqual([]);
  });

  it.each([
    [{ metadata: { members: 3, serving: 2 } }, ['quorum']],
    [{ metadata: { members: 5, serving: 3 } }, ['quorum']],
    [{ bookies: { replicas: 4, writable: 3, underReplicated: 0 } }, ['bookies']],
    [{ bookies: { replicas: 3, writable: 2, underReplicated: 0 } }, ['bookies']],
    [{ bookies: { replicas: 4, writable: 4, underReplicated: 1 } }, ['under-replicated ledgers']],
    [{ backlog: 1_001 }, ['backlog']],
    [{ backlog: { unknown: 'no broker is ready' } }, ['backlog']],
    [
      { bookies: { replicas: 4, writable: 4, underReplicated: { unknown: 'silence' } } },
      ['under-replicated ledgers'],
    ],
  ])('are red with %j', (more, gates) => {
    expect(red(more)).toEqual(gates);
  });
});

describe('the next restart', () => {
  const pod = (ordinal: number, more: Partial<PodFact> = {}): PodFact => ({
    ...{ name: `zookeeper-${ordinal}`, uid: String(ordinal), ordinal },
    ...{ current: false, ready: true, leaving: false, ...more },
  });
  const set = (pods: readonly PodFact[], more: Partial<SetFact> = {}): SetFact => ({
    ...{ component: 'zookeeper', replicas: pods.length, seen: true, onDelete: true, pods },
    ...more,
  });
  const next = (pods: readonly PodFact[], more: Partial<SetFact> = {}) => nextRestart([set(pods, more)]);

  it('is the one with the highest number, and the leader last', () => {
    expect(next([pod(0), pod(1), pod(10)])).toMatchObject({ pod: { ordinal: 10 }, mends: false });
    expect(next([pod(0), pod(1), pod(2, { leads: true })])).toMatchObject({ pod: { ordinal: 1 } });
    expect(next([pod(0, { current: true }), pod(2, { leads: true })])).toMatchObject({ pod: { ordinal: 2 } });
  });

  it('is one that serves nobody before all others, unless one is starting', () => {
    expect(next([pod(0, { ready: false }), pod(1)])).toMatchObject({ pod: { ordinal: 0 }, mends: true });
    expect(next([pod(0, { ready: false }), pod(1, { current: true, ready: false })]).kind).toBe('wait');
  });

  it.each([
    ['its controller has not seen the change', [pod(0)], { seen: false }],
    ['a pod is still ending', [pod(0), pod(1, { leaving: true, ready: false })], {}],
    ['a pod is not made yet', [pod(0)], { replicas: 2 }],
    ['Kubernetes restarts by itself', [pod(0)], { onDelete: false }],
  ])('waits while %s', (_, pods, more) => {
    expect(next(pods, more).kind).toBe('wait');
  });
});

describe('what pods of Pulsar answer', () => {
  it('is read for the quorum: one that only runs serves nobody', () => {
    expect(roleIn('Zookeeper version: 3.9.4\nMode: leader\nNode count: 9')).toBe('leader');
    expect(roleIn('This ZooKeeper instance is not currently serving requests')).toBeUndefined();
  });

  it('is read for the largest backlog, and a refusal is not taken for none', () => {
    const metrics = [
      'HTTP/1.1 200 OK',
      'pulsar_msg_backlog{cluster="c",namespace="a/b",topic="persistent://a/b/x-partition-0"} 12',
      'pulsar_msg_backlog{cluster="c",namespace="a/b",topic="persistent://a/b/y"} 1.5E4',
    ];
    expect(largestBacklog(metrics.join('\n'))).toBe(15_000);
    expect(largestBacklog('HTTP/1.1 200 OK')).toBe(0);
    expect(() => largestBacklog('HTTP/1.1 401 Unauthorized')).toThrowError();
  });

  it('is put together, and what nobody could tell is said to be unknown', async () => {
    const set = (component: string, ready: boolean): SetFact => ({
      ...{ component, replicas: 1, seen: true, onDelete: true },
      pods: [{ name: `${component}-0`, ordinal: 0, uid: '1', current: true, ready, leaving: false }],
    });
    const health = await pulsarHealth(
      [set('zookeeper', true), set('bookie', true), set('broker', false)],
      async pod => (pod === 'zookeeper-0' ? 'Mode: standalone\n' : ''),
    );
    expect(health).toMatchObject({
      metadata: { members: 1, serving: 1 },
      bookies: {
        writable: { unknown: expect.any(String) },
        underReplicated: { unknown: expect.any(String) },
      },
      backlog: { unknown: 'no broker is ready' },
    });
    expect(redGates(health, LIMITS).map(({ gate }) => gate)).toEqual([
      'bookies',
      'under-replicated ledgers',
      'backlog',
    ]);
  });
});
