import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterStep,
  beginRotation,
  type Facts,
  isSwitched,
  nextStep,
  type RotationSettings,
  type RotationState,
  type Step,
} from './machine.js';

const OLD = 'old';
const NEW = 'new';
/** Many times longer than a step takes: nothing may happen to be right because steps take time. */
const SETTLE = 20;

/** A process that takes notice of its files late, as Pulsar's do. */
interface Process {
  files: { trusts: string[]; issuedBy: string; bridged: boolean };
  loaded: Process['files'];
  /** When its files changed last. */
  changedAt: number;
}

/** A model of a platform: processes that dial each other, and time. */
class World {
  now = 0;
  issuer = OLD;
  next: string | undefined;
  readonly processes: Map<string, Process>;
  readonly dials: readonly (readonly [string, string])[];
  refused: string[] = [];
  /** Whether the old authority can sign the new root, so that the new chain leads to both. */
  bridges = true;

  constructor(names: readonly string[], dials: readonly (readonly [string, string])[]) {
    const files = () => ({ trusts: [OLD], issuedBy: OLD, bridged: false });
    this.processes = new Map(names.map(name => [name, { files: files(), loaded: files(), changedAt: 0 }]));
    this.dials = dials;
  }

  facts(): Facts {
    return {
      issuer: this.issuer,
      ...(this.next !== undefined && { next: this.next }),
      workloads: [...this.processes].map(([workload, { files, loaded }]) => ({
        workload,
        trusts: files.trusts,
        issuedBy: files.issuedBy,
        // What a process presents that only dials can't be seen from outside.
        serves: !this.isDialled(workload) || loaded.issuedBy === files.issuedBy,
      })),
    };
  }

  isDialled(name: string): boolean {
    return this.dials.some(([, to]) => to === name);
  }

  /** Time passes; whoever's luck it is takes notice, and everybody does in time. */
  tick(lucky: (name: string) => boolean): void {
    this.now += 1;
    for (const [name, process] of this.processes) {
      if (lucky(name) || this.now - process.changedAt >= SETTLE)
        process.loaded = structuredClone(process.files);
    }
    this.dialAll();
  }

  dialAll(): void {
    for (const [from, to] of this.dials) {
      const [client, server] = [this.processes.get(from)?.loaded, this.processes.get(to)?.loaded];
      if (client === undefined || server === undefined) continue;
      const accepts = (one: Process['files'], other: Process['files']) =>
        one.trusts.includes(other.issuedBy) || (other.bridged && one.trusts.includes(OLD));
      if (!accepts(client, server)) this.refused.push(`${from} refuses ${to} at ${this.now}`);
      if (!accepts(server, client)) this.refused.push(`${to} refuses ${from} at ${this.now}`);
    }
  }

  change(name: string, change: (files: Process['files']) => void): void {
    const process = this.processes.get(name);
    if (process === undefined) return;
    change(process.files);
    process.changedAt = this.now;
  }

  /** Does a step, or only the first of its parts: a process can be killed between any two writes. */
  do(step: Step, parts = Number.POSITIVE_INFINITY): void {
    const each = (names: readonly string[], change: (files: Process['files']) => void) => {
      for (const name of names.slice(0, parts)) this.change(name, change);
    };
    switch (step.do) {
      case 'makeAuthority':
        if (parts > 0) this.next = NEW;
        break;
      case 'trust':
        each(step.workloads, files => files.trusts.push(step.root));
        break;
      case 'distrust':
        each(step.workloads, files => {
          files.trusts = files.trusts.filter(root => root !== step.root);
        });
        break;
      case 'switchIssuer':
        if (parts > 0) this.issuer = step.to;
        break;
      case 'reissue':
        each(step.workloads, files => Object.assign(files, { issuedBy: this.issuer, bridged: this.bridges }));
        break;
      case 'retire':
        each(step.workloads, files => {
          files.trusts = files.trusts.filter(root => !step.roots.includes(root));
          files.bridged = false;
        });
        break;
      case 'discard':
        if (parts > 0) this.next = undefined;
        break;
      default:
    }
  }
}

interface Run {
  readonly outcome: string;
  readonly steps: readonly string[];
  readonly world: World;
  /** Whether somebody who trusts the old root alone could dial every server, at each step. */
  readonly oldOnly: readonly boolean[];
}

const names = ['web', 'transcriber', 'store', 'broker', 'traffic'];
const settings: RotationSettings = {
  settleSeconds: SETTLE,
  batches: [['traffic'], ['web', 'transcriber'], ['store'], ['broker']],
};

interface Fate {
  /** Of each step: how many of its parts are done before it is killed; undefined: all, and it is not killed. */
  readonly kills: readonly (number | undefined)[];
  /** Who takes notice early. */
  readonly luck: readonly boolean[];
  readonly dials: readonly (readonly [string, string])[];
  /** Whether the new root is cross-signed by the old one. @default true */
  readonly bridges?: boolean;
  /** The step before which it is told to go back. */
  readonly abortAt?: number;
}

function rotate({ kills, luck, dials, abortAt, bridges = true }: Fate): Run {
  const world = new World(names, dials);
  world.bridges = bridges;
  const time = () => new Date(world.now * 1000);
  let drawn = 0;
  const lucky = () => luck[drawn++ % Math.max(1, luck.length)] ?? false;
  let state: RotationState = beginRotation(world.facts(), time());
  const steps: string[] = [];
  const oldOnly: boolean[] = [];
  for (let count = 0; count < 500; count += 1) {
    if (count === abortAt && !isSwitched(state, world.facts())) state = { ...state, aborting: true };
    const step = nextStep(state, world.facts(), settings, time());
    steps.push(step.do);
    oldOnly.push(
      [...world.processes.values()].every(({ loaded }) => loaded.issuedBy === OLD || loaded.bridged),
    );
    if (step.do === 'end') return { outcome: step.outcome, steps, world, oldOnly };
    const parts = kills[count];
    if (step.do === 'wait') while (time() < step.until) world.tick(lucky);
    else world.do(step, parts);
    world.tick(lucky);
    // Killed: the state is not written, and the next run begins with what is so.
    if (parts === undefined) state = afterStep(state, step, time());
  }
  throw new Error(`it does not end: ${steps.slice(-5).join(', ')}`);
}

const everyDial = names.flatMap(from => names.filter(to => to !== from).map(to => [from, to] as const));
const fates = fc.record({
  kills: fc.array(fc.option(fc.nat(4), { nil: undefined }), { maxLength: 60 }),
  luck: fc.array(fc.boolean(), { minLength: 1, maxLength: 50 }),
  dials: fc.subarray(everyDial),
});

describe('the rotation of an authority', () => {
  it('goes through its steps in order', () => {
    const { steps, outcome } = rotate({ kills: [], luck: [false], dials: everyDial });
    const told = steps.filter((step, index) => step !== steps[index - 1] && step !== 'awaitServed');
    expect(outcome).toBe('rotated');
    expect(told.filter((step, index) => step !== told[index - 1])).toEqual([
      'makeAuthority',
      'trust',
      'noteTrusted',
      'wait',
      'confirm',
      'switchIssuer',
      'reissue',
      'noteServed',
      'wait',
      'retire',
      'discard',
      'end',
    ]);
  });

  it('ends in the same place wherever, and however often, it was killed', () => {
    fc.assert(
      fc.property(fates, fate => {
        const { outcome, world } = rotate(fate);
        expect(outcome).toBe('rotated');
        expect(world.next).toBeUndefined();
        for (const { files } of world.processes.values()) {
          expect(files).toEqual({ trusts: [NEW], issuedBy: NEW, bridged: false });
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([true, false])('never lets a process of the platform refuse another, cross-signed: %s', bridges => {
    fc.assert(
      fc.property(fates, fate => {
        expect(rotate({ ...fate, bridges }).world.refused).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('lets somebody who trusts only the old root dial until the old root is retired, and not after', () => {
    fc.assert(
      fc.property(fates, fate => {
        const { steps, oldOnly, world } = rotate(fate);
        const retired = steps.indexOf('retire');
        expect(oldOnly.slice(0, retired + 1)).not.toContain(false);
        for (let more = 0; more <= SETTLE; more += 1) world.tick(() => true);
        expect(
          [...world.processes.values()].some(({ loaded }) => loaded.bridged || loaded.trusts.includes(OLD)),
        ).toBe(false);
      }),
    );
  });

  it('lets somebody who comes late settle and be confirmed like the others', () => {
    const late = { workload: 'late', trusts: [OLD], issuedBy: OLD, serves: true };
    const others = { workload: 'web', trusts: [OLD, NEW], issuedBy: OLD, serves: true };
    const facts = { issuer: OLD, next: NEW, workloads: [others, late] };
    const confirmed: RotationState = {
      version: 1,
      startedAt: new Date(0).toISOString(),
      from: [OLD],
      trustedSince: new Date(0).toISOString(),
      confirmedAt: new Date(0).toISOString(),
    };
    const step = nextStep(confirmed, facts, settings, new Date());
    expect(step).toMatchObject({ do: 'trust', workloads: ['late'] });
    const after = afterStep(confirmed, step, new Date());
    const trusting = { ...facts, workloads: [others, { ...late, trusts: [OLD, NEW] }] };
    expect(nextStep(after, trusting, settings, new Date()).do).toBe('noteTrusted');
  });

  it('renews one batch after the other, each served before the next', () => {
    const { steps } = rotate({ kills: [], luck: [false], dials: everyDial });
    expect(steps.filter(step => step === 'reissue')).toHaveLength(settings.batches.length);
    for (const [index, step] of steps.entries()) {
      if (step === 'reissue') expect(['awaitServed', 'noteServed']).toContain(steps[index + 1]);
    }
  });

  it('goes back to exactly what was before the switch, wherever it was killed', () => {
    fc.assert(
      fc.property(fates, fc.nat(12), (fate, abortAt) => {
        const { outcome, world } = rotate({ ...fate, abortAt });
        expect(world.refused).toEqual([]);
        if (outcome === 'aborted') {
          for (const { files } of world.processes.values()) {
            expect(files).toEqual({ trusts: [OLD], issuedBy: OLD, bridged: false });
          }
          expect(world.next).toBeUndefined();
        } else expect(world.issuer).toBe(NEW);
      }),
      { numRuns: 500 },
    );
  });
});
