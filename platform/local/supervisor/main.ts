// The program of the supervisor: `node main.js STATE_FOLDER`, started detached by `platform local up`.
// SIGHUP: read the wanted processes again. SIGTERM: stop everything, then end.
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import writeFileAtomic from 'write-file-atomic';
import { identify, isAlive } from '../../edges/process-identity.js';
import { digestOf, type Wanted, wantedSchema } from '../process-spec.js';
import { stateFolder } from '../state-folder.js';
import { markOf } from './mark.js';
import type { ProcessState, SupervisorState } from './state.js';
import { createSupervisor } from './supervisor.js';

const WATCH_MS = 2_000;
/** What it and its processes write is for their owner alone. */
process.umask(0o077);

const folder = stateFolder(process.argv[2] ?? '');
const me = identify(process.pid) ?? { pid: process.pid, startTime: '' };

let processes: readonly ProcessState[] = [];
let accepted: string | undefined;
let recorded = '';

/** A full disk must not end what runs: a record that could not be written is written later. */
function record(): void {
  const state: SupervisorState = { supervisor: me, accepted, processes: [...processes] };
  const text = `${JSON.stringify(state, null, 2)}\n`;
  if (text === recorded || !existsSync(folder.root)) return;
  try {
    writeFileAtomic.sync(folder.supervisor, text, { mode: 0o600, fsync: false });
    recorded = text;
  } catch (error) {
    log(`the record could not be written: ${(error as Error).message}`);
  }
}

const supervisor = createSupervisor(markOf(folder), next => {
  processes = next;
  record();
});

let queue = Promise.resolve();
function enqueue(work: () => Promise<void>): void {
  queue = queue.then(work).catch((error: unknown) => log(String(error)));
}

let owner: Wanted['owner'];

async function readAndReconcile(): Promise<void> {
  const text = readFileSync(folder.processes, 'utf8');
  const wanted = wantedSchema.parse(JSON.parse(text));
  owner = wanted.owner;
  await supervisor.reconcile(wanted.processes);
  accepted = digestOf(text);
  record();
}

let ending = false;

function end(why: string): void {
  if (ending) return;
  ending = true;
  log(why);
  enqueue(async () => {
    await supervisor.stop();
    process.exit(0);
  });
}

function log(text: string): void {
  process.stderr.write(`${new Date().toISOString()} ${text}\n`);
}

process.on('SIGHUP', () => enqueue(readAndReconcile));
process.on('SIGTERM', () => end('asked to end'));
process.on('SIGINT', () => end('interrupted'));
setInterval(() => {
  if (!existsSync(folder.processes)) end('the state folder is gone: nothing can run without it');
  else if (owner !== undefined && !isAlive(owner)) end(`its owner, process ${owner.pid}, has ended`);
  record();
}, WATCH_MS);

log('started');
record();
enqueue(readAndReconcile);
