import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** A pid alone may be reused by another program; with its start time it names one process for ever. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal for the same process only. */
  readonly startTime: string;
}

const hasProc = existsSync('/proc/self/stat');

/** The identity of a running process, or undefined when there is none with this pid. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startTime = hasProc ? startTimeFromProc(pid) : startTimeFromPs(pid);
  return startTime === undefined ? undefined : { pid, startTime };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startTime === identity.startTime;
}

/** Sends a signal to exactly this process; does nothing when it has ended. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Every process of ours whose environment holds `name=value`. It finds what a crashed starter could not record.
 * Empty where the system has no /proc.
 */
export function processesWithEnv(name: string, value: string): ProcessIdentity[] {
  if (!hasProc) return [];
  const wanted = `${name}=${value}`;
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .filter(pid => environmentOf(pid).includes(wanted))
    .map(pid => identify(Number(pid)))
    .filter(identity => identity !== undefined);
}

function environmentOf(pid: string): readonly string[] {
  return (readProc(`/proc/${pid}/environ`) ?? '').split('\0');
}

/** Clock ticks from boot to start, with the boot they count from. */
function startTimeFromProc(pid: number): string | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The second field, the name, may hold spaces and brackets: count from the last one.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ended = state === 'Z' || state === 'X';
  return ended ? undefined : `${bootId()}/${fields[18]}`;
}

function bootId(): string {
  return (readProc('/proc/sys/kernel/random/boot_id') ?? '').slice(0, 8);
}

function startTimeFromPs(pid: number): string | undefined {
  try {
    const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] } satisfies ExecFileSyncOptions;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], options).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Files below /proc vanish with their process, and those of other users can't be read. */
function readProc(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
