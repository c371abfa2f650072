// The program of the supervisor: `node main.js STATE_FOLDER`, started detached by `platform local up`.
// SIGHUP: read the wanted processes again. SIGTERM: stop everything, then end.
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import writeFileAtomic from 'write-file-atomic';
import { identify } from '../../edges/process-identity.js';
import { processSpecsSchema } from '../process-spec.js';
import { stateFolder } from '../state-folder.js';
import { markOf } from './mark.js';
import type { ProcessState, SupervisorState } from './state.js';
import { createSupervisor } from './supervisor.js';

const WATCH_MS = 2_000;

const folder = stateFolder(process.argv[2] ?? '');
const me = identify(process.pid) ?? { pid: process.pid, startTime: '' };

let processes: readonly ProcessState[] = [];
let recorded = '';

/** A full disk must not end what runs: a record that could not be written is written later. */
function record(): void {
  const state: SupervisorState = { supervisor: me, processes: [...processes] };
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

async function readAndReconcile(): Promise<void> {
  await supervisor.reconcile(processSpecsSchema.parse(JSON.parse(readFileSync(folder.processes, 'utf8'))));
}

function end(why: string): void {
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
process.once('SIGTERM', () => end('asked to end'));
process.once('SIGINT', () => end('interrupted'));
setInterval(() => {
  if (!existsSync(folder.processes)) end('the state folder is gone: nothing can run without it');
  record();
}, WATCH_MS);

log('started');
record();
enqueue(readAndReconcile);
