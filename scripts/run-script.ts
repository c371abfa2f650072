import process from 'node:process';
import { guarded } from '../platform/cli/guard.js';
import { exit, processIo } from '../platform/cli/process-io.js';
import { Reporter } from '../platform/cli/reporter.js';
import type { Report } from '../platform/report.js';

export interface ScriptContext {
  readonly args: readonly string[];
  readonly report: Report;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs a script as `platform` runs a command: same narration, same errors, same exit codes. */
export async function runScript(work: (context: ScriptContext) => Promise<number>): Promise<void> {
  const io = processIo();
  const args = process.argv.slice(2);
  const options = { json: false, debug: args.includes('--debug') };
  const context = { args, report: new Reporter(io), signal: io.signal, env: io.env };
  await exit(await guarded(io, options, () => work(context)));
}
