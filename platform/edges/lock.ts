import { randomBytes } from 'node:crypto';
import { readlink, rename, symlink, unlink } from 'node:fs/promises';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileError, PlatformError } from '../errors.js';
import { identify, isAlive, type ProcessIdentity } from './process-identity.js';

const POLL_MS = 100;

export interface LockOptions {
  readonly signal: AbortSignal;
  /** How long another holder is waited for. */
  readonly timeoutMs: number;
  /** Called once when somebody else holds it. */
  readonly onWait: (owner: ProcessIdentity) => void;
}

/**
 * Does the work while no other process holds the lock: a link that leads nowhere, and says who holds it by pid and start
 * time. So the lock of a process that was killed is free at once, and that of one that sleeps is not. A link takes no room
 * on a disk: a full one keeps nobody from stopping what fills it.
 *
 * @throws StateBusy, DiskFull, FileNotWritable
 */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  await acquire(file, options);
  try {
    return await work();
  } finally {
    await unlink(file).catch(() => undefined);
  }
}

async function acquire(file: string, { signal, timeoutMs, onWait }: LockOptions): Promise<void> {
  const mine = JSON.stringify(identify(process.pid));
  const deadline = Date.now() + timeoutMs;
  let waited = false;
  while (!(await linked(mine, file))) {
    signal.throwIfAborted();
    const owner = await ownerOf(file);
    if (owner === undefined || !isAlive(owner)) await removeStale(file, owner);
    else if (Date.now() > deadline) throw busy(file, owner);
    else {
      if (!waited) onWait(owner);
      waited = true;
      await sleep(POLL_MS, undefined, { signal });
    }
  }
}

/** A link is made whole or not at all, and never over one that is there. */
async function linked(owner: string, file: string): Promise<boolean> {
  try {
    await symlink(owner, file);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw fileError(file, error as NodeJS.ErrnoException);
  }
}

async function ownerOf(file: string): Promise<ProcessIdentity | undefined> {
  const text = await readlink(file).catch(() => undefined);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as ProcessIdentity);
  } catch {
    return undefined;
  }
}

/** Takes the lock of a dead owner away. One that a live process made in between is put back. */
async function removeStale(file: string, seen: ProcessIdentity | undefined): Promise<void> {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  const taken = await rename(file, aside).then(
    () => true,
    () => false,
  );
  if (!taken) return;
  const owner = await ownerOf(aside);
  if (owner !== undefined && owner.startTime !== seen?.startTime && isAlive(owner))
    await linked(JSON.stringify(owner), file);
  await unlink(aside);
}

function busy(file: string, { pid }: ProcessIdentity): PlatformError {
  return new PlatformError('StateBusy', `another command (pid ${pid}) is working here`, {
    where: file,
    refused: true,
  });
}
