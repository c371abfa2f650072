import { isAlive, type ProcessIdentity, signalProcess } from '../edges/process-identity.js';
import { PlatformError } from '../errors.js';
import type { StateFolder } from './state-folder.js';
import { readSupervisorState } from './supervisor/client.js';

/**
 * Sends a signal to a process of the local platform: SIGKILL to see its supervisor bring it back, SIGSTOP and SIGCONT
 * to see who notices.
 *
 * @returns the process that got it
 */
export async function signalPart(
  folder: StateFolder,
  name: string,
  signal: NodeJS.Signals,
): Promise<ProcessIdentity> {
  const state = await readSupervisorState(folder);
  const identity = state?.processes.find(process => process.name === name)?.identity;
  if (identity === undefined || !isAlive(identity)) {
    throw new PlatformError('LocalNotRunning', `${name} is not running`, { where: folder.root });
  }
  signalProcess(identity, signal);
  return identity;
}
