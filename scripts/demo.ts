// `npm run demo [-- --keep]`: set-up, the platform, the voice flow, a report, and everything stopped again.
import process from 'node:process';
import { parseArgs } from 'node:util';
import { loadConfig } from '../platform/actions/load.js';
import { localDown } from '../platform/actions/local/down.js';
import { localFolder } from '../platform/actions/local/folder.js';
import { localUp } from '../platform/actions/local/up.js';
import { setUp } from '../platform/actions/setup.js';
import { identify } from '../platform/edges/process-identity.js';
import { runningSupervisor } from '../platform/local/index.js';
import { runScript } from './run-script.js';

const CONFIG = 'platform.yaml';

await runScript(async context => {
  const { values } = parseArgs({
    args: [...context.args],
    options: { keep: { type: 'boolean', default: false } },
  });
  await setUp(context);
  const options = { ...context, folder: await localFolder(process.cwd(), CONFIG) };
  const mine = !values.keep && (await runningSupervisor(options.folder)) === undefined;
  const owner = mine ? identify(process.pid) : undefined;
  try {
    await localUp({ ...options, config: await loadConfig(CONFIG), ...(owner && { owner }) });
  } finally {
    if (mine) await localDown({ ...options, signal: new AbortController().signal });
  }
  return 0;
});
