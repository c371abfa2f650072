import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { identify, isAlive, type ProcessIdentity, signalProcess } from '../../edges/process-identity.js';
import type { ProcessSpec } from '../process-spec.js';
import { claimStateFolder, openStateFolder, type StateFolder } from '../state-folder.js';
import {
  readSupervisorState,
  runningSupervisor,
  stopEverything,
  stopOrphans,
  superviseProcesses,
} from './client.js';

let folder: StateFolder;

beforeEach(async () => {
  folder = await openStateFolder(await mkdtemp(path.join(tmpdir(), 'detached-')));
  await claimStateFolder(folder);
});
afterEach(async () => {
  await stopEverything(folder);
  await rm(folder.root, { recursive: true, force: true });
});

const spec = (name: string): ProcessSpec => ({
  name,
  command: 'sleep',
  args: ['600'],
  env: { PATH: process.env['PATH'] ?? '' },
  cwd: tmpdir(),
  log: folder.log(name),
  layer: 0,
  stopSeconds: 2,
  revision: '',
});
const soon = { timeout: 8_000, interval: 50 };

async function running(name: string): Promise<ProcessIdentity> {
  return vi.waitFor(async () => {
    const found = (await readSupervisorState(folder))?.processes.find(each => each.name === name)?.identity;
    if (found === undefined || !isAlive(found)) throw new Error(`${name} is not running`);
    return found;
  }, soon);
}

async function supervisorOf(): Promise<ProcessIdentity> {
  const state = await runningSupervisor(folder);
  if (state === undefined) throw new Error('no supervisor is running');
  return state.supervisor;
}

describe('the detached supervisor', () => {
  it('is one, however often it is asked for, and goes on without who started it', async () => {
    await superviseProcesses(folder, [spec('a')]);
    const supervisor = await supervisorOf();
    const a = await running('a');
    await superviseProcesses(folder, [spec('a'), spec('b')]);
    await running('b');
    expect(await supervisorOf()).toEqual(supervisor);
    expect(await running('a')).toEqual(a);
  });

  it('leaves its processes when it is killed; all of them are found, the unrecorded too', async () => {
    await superviseProcesses(folder, [spec('a'), spec('b')]);
    const all = [await running('a'), await running('b')];
    signalProcess(await supervisorOf(), 'SIGKILL');
    await vi.waitFor(async () => expect(await runningSupervisor(folder)).toBeUndefined(), soon);
    expect(all.every(isAlive)).toBe(true);
    await rm(folder.supervisor);
    expect(await stopOrphans(folder)).toBe(2);
    expect(all.some(isAlive)).toBe(false);
  });

  it.each(['', '{"supervisor": {"pid": 1', '[]'])(
    'is found and stopped though its record is %j',
    async text => {
      await superviseProcesses(folder, [spec('a')]);
      const all = [await running('a'), await supervisorOf()];
      await writeFile(folder.supervisor, text);
      await stopEverything(folder);
      expect(all.some(isAlive)).toBe(false);
    },
  );

  it('never touches a process whose pid is in a record of another life', async () => {
    const stranger = spawn('sleep', ['60']);
    const record = {
      supervisor: { pid: stranger.pid, startTime: 'another life' },
      processes: [
        {
          name: 'a',
          phase: 'running',
          restarts: 0,
          identity: { pid: stranger.pid, startTime: 'another life' },
        },
      ],
    };
    await writeFile(folder.supervisor, JSON.stringify(record));
    expect(await stopEverything(folder)).toBe(0);
    const identity = identify(stranger.pid ?? 0);
    expect(identity && isAlive(identity)).toBe(true);
    stranger.kill();
  });

  it('ends with everything when its folder is removed under it', async () => {
    await superviseProcesses(folder, [spec('a')]);
    const all = [await running('a'), await supervisorOf()];
    await rm(folder.root, { recursive: true });
    await vi.waitFor(() => expect(all.some(isAlive)).toBe(false), soon);
  });

  it('ends with everything when its owner is killed', async () => {
    const owner = spawn('sleep', ['600']);
    await superviseProcesses(folder, [spec('a')], identify(owner.pid ?? 0));
    const all = [await running('a'), await supervisorOf()];
    owner.kill('SIGKILL');
    await vi.waitFor(() => expect(all.some(isAlive)).toBe(false), soon);
  });
});

const canMount = process.platform === 'linux' && process.getuid?.() === 0;

it.runIf(canMount)('goes on when the disk is full (needs root, to mount a small one)', async () => {
  const disk = await mkdtemp(path.join(tmpdir(), 'small-disk-'));
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]);
  try {
    folder = await openStateFolder(path.join(disk, 'state'));
    await claimStateFolder(folder);
    await superviseProcesses(folder, [spec('a')]);
    const first = await running('a');
    await execa('dd', ['if=/dev/zero', `of=${path.join(disk, 'ballast')}`, 'bs=4k'], { reject: false });
    signalProcess(first, 'SIGKILL');
    await vi.waitFor(async () => expect(isAlive(first)).toBe(false), soon);
    await rm(path.join(disk, 'ballast'));
    expect((await running('a')).pid).not.toBe(first.pid);
    await stopEverything(folder);
  } finally {
    await execa('umount', ['--lazy', disk]);
    await rm(disk, { recursive: true });
  }
});
