import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../../config/index.js';
import { PlatformError } from '../../errors.js';
import { isReady, readSupervisorState, recordedPlan, signalPart } from '../../local/index.js';
import type { LocalOptions } from './exclusively.js';

const POLL_MS = 100;
const BACK_TIMEOUT_MS = 120_000;

export interface KillOptions extends LocalOptions {
  readonly config: Config;
}

/**
 * Kills a process of the local platform with -9, and waits until its supervisor has brought it back and it answers.
 *
 * @param name `broker`, `store`, `transcriber`, …
 * @returns how long it was away, ms
 * @throws PlatformError LocalNotRunning when it does not run, PartFailed when it does not come back
 */
export async function killPart({ config, folder, signal }: KillOptions, name: string): Promise<number> {
  const plan = await recordedPlan(config, folder);
  const killed = await signalPart(folder, name, 'SIGKILL');
  const began = Date.now();
  while (Date.now() - began < BACK_TIMEOUT_MS) {
    await sleep(POLL_MS, undefined, { signal });
    const state = await readSupervisorState(folder);
    const identity = state?.processes.find(process => process.name === name)?.identity;
    const restarted = identity !== undefined && identity.pid !== killed.pid;
    if (restarted && (await isReady(plan, folder, name))) return Date.now() - began;
  }
  throw new PlatformError('PartFailed', `the ${name} did not come back after it was killed`, {
    where: folder.log(name),
    saw: `not ready after ${BACK_TIMEOUT_MS / 1000} s`,
    want: 'its supervisor starts it again',
  });
}
