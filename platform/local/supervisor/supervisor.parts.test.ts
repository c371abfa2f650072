import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { identify, isAlive, signalProcess } from '../../edges/process-identity.js';
import type { ProcessSpec } from '../process-spec.js';
import { failuresAfter, restartDelayMs } from './backoff.js';
import type { ProcessState } from './state.js';
import { createSupervisor, type Supervisor } from './supervisor.js';

const FOREVER = 'setInterval(() => {}, 1000); console.log("up", process.pid);';

let folder: string;
let states: readonly ProcessState[];
let supervisor: Supervisor;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'supervisor-'));
  states = [];
  supervisor = createSupervisor({ TEST_MARK: folder }, next => {
    states = next;
  });
});
afterEach(async () => {
  await supervisor.stop();
  await rm(folder, { recursive: true });
});

const spec = (name: string, script = FOREVER, more: Partial<ProcessSpec> = {}): ProcessSpec => ({
  name,
  command: process.execPath,
  args: ['-e', script],
  env: {},
  cwd: folder,
  log: path.join(folder, `${name}.log`),
  layer: 0,
  stopSeconds: 5,
  revision: '',
  ...more,
});
const state = (name: string) => states.find(each => each.name === name);
const identityOf = (name: string) => {
  const identity = state(name)?.identity;
  if (identity === undefined) throw new Error(`${name} is not running`);
  return identity;
};
const logOf = (name: string) => readFile(path.join(folder, `${name}.log`), 'utf8');
const said = (name: string, what: RegExp) =>
  vi.waitFor(async () => expect(await logOf(name)).toMatch(what), { timeout: 5000 });

describe('a supervisor', () => {
  it('starts again what was killed, and leaves the others alone', async () => {
    await supervisor.reconcile([spec('a'), spec('b')]);
    const [a, b] = [identityOf('a'), identityOf('b')];
    signalProcess(a, 'SIGKILL');
    await vi.waitFor(() => expect(identityOf('a').pid).not.toBe(a.pid), { timeout: 5000 });
    expect(state('a')).toMatchObject({ restarts: 1, lastEnd: { code: null, signal: 'SIGKILL' } });
    expect(identityOf('b')).toEqual(b);
  });

  it('restarts only what has changed, and stops what is no longer wanted', async () => {
    await supervisor.reconcile([spec('same'), spec('changed'), spec('gone')]);
    const [same, changed, gone] = ['same', 'changed', 'gone'].map(identityOf);
    await supervisor.reconcile([spec('same'), spec('changed', FOREVER, { revision: '2' })]);
    expect(identityOf('same')).toEqual(same);
    expect(identityOf('changed')).not.toEqual(changed);
    expect(gone && isAlive(gone)).toBe(false);
    expect(states.map(({ name }) => name)).toEqual(['same', 'changed']);
  });

  it('lets a process finish its work on SIGTERM', async () => {
    await supervisor.reconcile([
      spec('worker', `process.on('SIGTERM', () => { console.log('drained'); process.exit(0); });${FOREVER}`),
    ]);
    await said('worker', /up/);
    await supervisor.stop();
    expect(await logOf('worker')).toMatch(/drained/);
  });

  it('kills a process that does not hear, or that is stopped, when its time is over', async () => {
    await supervisor.reconcile([
      spec('deaf', `process.on('SIGTERM', () => {});${FOREVER}`, { stopSeconds: 0.3 }),
      spec('frozen', FOREVER, { stopSeconds: 0.3 }),
    ]);
    await Promise.all([said('deaf', /up/), said('frozen', /up/)]);
    signalProcess(identityOf('frozen'), 'SIGSTOP');
    const identities = [identityOf('deaf'), identityOf('frozen')];
    await supervisor.stop();
    expect(identities.some(isAlive)).toBe(false);
  });

  it('ends what a killed process leaves behind', async () => {
    const parent = `const { pid } = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']); console.log('child', pid); ${FOREVER}`;
    await supervisor.reconcile([spec('parent', parent)]);
    await said('parent', /child \d+/);
    const child = identify(Number((await logOf('parent')).match(/child (\d+)/)?.[1]));
    signalProcess(identityOf('parent'), 'SIGKILL');
    await vi.waitFor(() => expect(child && isAlive(child)).toBe(false), { timeout: 5000 });
  });

  it('stops those that use others before those that are used', async () => {
    const slow = (name: string) =>
      `process.on('SIGTERM', () => setTimeout(() => { require('node:fs').appendFileSync('order', '${name} '); process.exit(); }, 100)); ${FOREVER}`;
    await supervisor.reconcile([
      spec('store', slow('store')),
      spec('service', slow('service'), { layer: 1 }),
    ]);
    await Promise.all([said('store', /up/), said('service', /up/)]);
    await supervisor.stop();
    expect(await readFile(path.join(folder, 'order'), 'utf8')).toBe('service store ');
  });

  it('tells in the log why a program could not be started, and goes on trying', async () => {
    await supervisor.reconcile([spec('missing', '', { command: '/nowhere/program' })]);
    await said('missing', /could not be started: .*ENOENT/);
    await vi.waitFor(() => expect(state('missing')?.restarts).toBeGreaterThan(0), { timeout: 5000 });
  });

  it('hands a process its own environment and the mark, and nothing of its own', async () => {
    await supervisor.reconcile([
      spec('env', `console.log(JSON.stringify(process.env)); ${FOREVER}`, { env: { ONE: '1' } }),
    ]);
    await said('env', /up/);
    expect(JSON.parse((await logOf('env')).split('\n')[0] ?? '')).toEqual({ ONE: '1', TEST_MARK: folder });
  });
});

describe('the back-off', () => {
  it('starts again at once after a long run, then waits ever longer up to a limit', () => {
    expect([0, 1, 2, 3, 20].map(restartDelayMs)).toEqual([0, 250, 500, 1000, 10_000]);
    expect(failuresAfter(4, 1_000)).toBe(5);
    expect(failuresAfter(4, 60_000)).toBe(0);
  });
});
