import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { readIfThere, writePrivate } from '../../edges/files.js';
import {
  isAlive,
  type ProcessIdentity,
  processesWithEnv,
  signalProcess,
} from '../../edges/process-identity.js';
import { PlatformError } from '../../errors.js';
import { compiled } from '../compiled.js';
import { digestOf, type ProcessSpec, type Wanted, wantedSchema } from '../process-spec.js';
import type { StateFolder } from '../state-folder.js';
import { MARK, markOf } from './mark.js';
import { type SupervisorState, supervisorStateSchema } from './state.js';

const START_TIMEOUT_MS = 10_000;
/** It may have to stop processes that take their time. */
const ACCEPT_TIMEOUT_MS = 60_000;
const POLL_MS = 25;
/** A supervisor that stops everything takes as long as its slowest processes: one of each layer. */
const STOP_TIMEOUT_MS = 60_000;
const ORPHAN_GRACE_MS = 10_000;

/** What the supervisor wrote last, be it running or not; undefined when there is nothing readable. */
export async function readSupervisorState(folder: StateFolder): Promise<SupervisorState | undefined> {
  const text = await readIfThere(folder.supervisor);
  if (text === undefined) return undefined;
  try {
    return supervisorStateSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The state of the running supervisor, or undefined when none runs. */
export async function runningSupervisor(folder: StateFolder): Promise<SupervisorState | undefined> {
  const state = await readSupervisorState(folder);
  return state !== undefined && isAlive(state.supervisor) ? state : undefined;
}

/**
 * Tells the supervisor what should run, and waits until it has stopped and started what that takes; starts one when
 * there is none.
 *
 * @param owner process with whose end everything ends. @default - runs until it is stopped
 */
export async function superviseProcesses(
  folder: StateFolder,
  processes: readonly ProcessSpec[],
  owner?: ProcessIdentity,
): Promise<void> {
  const wanted: Wanted = { processes: [...processes], owner };
  const text = `${JSON.stringify(wanted, null, 2)}\n`;
  await writePrivate(folder.processes, text);
  const running = await runningSupervisor(folder);
  if (running === undefined) await startSupervisor(folder);
  else signalProcess(running.supervisor, 'SIGHUP');
  await untilAccepted(folder, digestOf(text));
}

async function untilAccepted(folder: StateFolder, digest: string): Promise<void> {
  const deadline = Date.now() + ACCEPT_TIMEOUT_MS;
  for (;;) {
    const state = await runningSupervisor(folder);
    if (state?.accepted === digest) return;
    if (state === undefined || Date.now() > deadline) {
      throw new PlatformError('PartFailed', 'the supervisor does not do what it is told', {
        where: folder.log('supervisor'),
        saw: state === undefined ? 'it has ended' : `pid ${state.supervisor.pid} does not answer`,
        fix: 'platform local down, then platform local up',
      });
    }
    await sleep(POLL_MS);
  }
}

/** Has one process started anew; the others stay as they are. Nothing happens when it is not among them. */
export async function reviseProcess(folder: StateFolder, name: string, revision: string): Promise<void> {
  const { processes, owner } = wantedSchema.parse(JSON.parse(await readFile(folder.processes, 'utf8')));
  if (!processes.some(process => process.name === name)) return;
  const revised = processes.map(process => (process.name === name ? { ...process, revision } : process));
  await superviseProcesses(folder, revised, owner);
}

async function startSupervisor(folder: StateFolder): Promise<void> {
  const logFile = folder.log('supervisor');
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [compiled('platform/local/supervisor/main.js'), folder.root], {
    cwd: '/',
    env: { ...process.env, ...markOf(folder) },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  child.unref();
  const deadline = Date.now() + START_TIMEOUT_MS;
  while ((await runningSupervisor(folder))?.supervisor.pid !== child.pid) {
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new PlatformError('PartFailed', 'the supervisor could not be started', {
        where: logFile,
        saw: (await readFile(logFile, 'utf8')).trim().split('\n').slice(-3).join(' | '),
      });
    }
    await sleep(POLL_MS);
  }
}

/**
 * Stops every process of this local platform, whoever started it and whether or not it was recorded.
 *
 * @returns how many processes there were
 */
export async function stopEverything(folder: StateFolder): Promise<number> {
  const state = await readSupervisorState(folder);
  const all = ownProcesses(folder, state);
  if (state !== undefined && isAlive(state.supervisor)) {
    signalProcess(state.supervisor, 'SIGTERM');
    await untilEnded([state.supervisor], STOP_TIMEOUT_MS);
  }
  await endAll(ownProcesses(folder, state));
  return all.length;
}

/** Ends what a supervisor that died has left running. */
export async function stopOrphans(folder: StateFolder): Promise<number> {
  const orphans = ownProcesses(folder, await readSupervisorState(folder));
  await endAll(orphans);
  return orphans.length;
}

function ownProcesses(folder: StateFolder, state: SupervisorState | undefined): ProcessIdentity[] {
  const recorded = [state?.supervisor, ...(state?.processes ?? []).map(({ identity }) => identity)];
  const found = [
    ...processesWithEnv(MARK, folder.root),
    ...recorded.filter(identity => identity !== undefined),
  ];
  const byPid = new Map(found.filter(isAlive).map(identity => [identity.pid, identity]));
  byPid.delete(process.pid);
  return [...byPid.values()];
}

async function endAll(processes: readonly ProcessIdentity[]): Promise<void> {
  for (const one of processes) signalProcess(one, 'SIGTERM');
  if (await untilEnded(processes, ORPHAN_GRACE_MS)) return;
  for (const one of processes) signalProcess(one, 'SIGKILL');
  await untilEnded(processes, ORPHAN_GRACE_MS);
}

async function untilEnded(processes: readonly ProcessIdentity[], timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (processes.some(isAlive)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}
