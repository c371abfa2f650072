import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { type Plan, serviceEnv } from '../../plan/index.js';
import { packageRoot } from '../compiled.js';
import { peopleFile } from '../people.js';
import { serviceFiles } from '../service-files.js';
import type { StateFolder } from '../state-folder.js';
import type { Machine, Part } from './part.js';

/** Longer than a service takes to finish the messages that it holds. */
const DRAIN_SECONDS = 20;

/** The demo services that listen and are built: each a Node process, configured by environment as in a cluster. */
export function serviceParts(plan: Plan, folder: StateFolder, machine: Machine): Part[] {
  return plan.services
    .filter(({ name }) => plan.endpoints.some(({ workload }) => workload === name))
    .filter(({ name }) => existsSync(programOf(name)))
    .map(({ name, database }) => ({
      process: {
        name,
        command: process.execPath,
        args: ['--enable-source-maps', programOf(name)],
        env: { ...machine.env, ...environmentOf(plan, name, folder, machine) },
        cwd: packageRoot(),
        log: folder.log(name),
        layer: 1,
        stopSeconds: DRAIN_SECONDS,
        revision: machine.code,
      },
      files: {},
      folders: database ? [folder.data(name)] : [],
    }));
}

/** The user's own transcription API is dialled by the very URL that was given: it may be plain on this machine. */
function environmentOf(plan: Plan, name: string, folder: StateFolder, { speechUrl }: Machine) {
  const env: Record<string, string> = {
    ...serviceEnv(plan, name, serviceFiles(folder, name)),
    ...(name === 'web' && { SEED_FILE: peopleFile(folder), REGISTRATION: 'open' }),
  };
  return env['OPENAI_BASE_URL'] && speechUrl ? { ...env, OPENAI_BASE_URL: speechUrl } : env;
}

function programOf(service: string): string {
  return path.join(packageRoot(), 'dist', 'demo-services', service, 'main.js');
}
