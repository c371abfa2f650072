// `npm run demo [-- --keep] [--json FILE]`: set-up, what would be deployed, the platform on this machine, messages
// through all of it, a report; then everything that was started is stopped. Exit codes: 0 the ledger
// closes, 1 it does not, 3 it does and the check of what would be deployed has found an error.
import path from 'node:path';
import process from 'node:process';
import { Command } from 'commander';
import { accountOf, type TrafficProps } from '../demo-services/traffic/index.js';
import { loadConfig } from '../platform/actions/load.js';
import { localDown } from '../platform/actions/local/down.js';
import { localFolder } from '../platform/actions/local/folder.js';
import { localUp, type UpOptions } from '../platform/actions/local/up.js';
import { rehearse } from '../platform/actions/rehearse.js';
import { setUp } from '../platform/actions/setup.js';
import { localTraffic } from '../platform/actions/traffic.js';
import { identify } from '../platform/edges/process-identity.js';
import { readPeople, recordedPlan, runningSupervisor } from '../platform/local/index.js';
import { frontDoor } from '../platform/plan/index.js';
import { makeRoom } from './output-files.js';
import { runScript } from './run-script.js';
import { tellTraffic } from './tell-traffic.js';

const CONFIG = 'platform.yaml';
const OUT = path.join('.platform', 'demo');
const PAGE = path.join(OUT, 'report.html');
/** 24 spoken messages and 12 pictures, three of them spoilt, so that there is something in the dead letters. */
const TRAFFIC: TrafficProps = {
  count: 36,
  imageShare: 1 / 3,
  corrupt: 3 / 36,
  users: 4,
  threads: 3,
  concurrency: 6,
  seed: 1,
  kills: [],
  patienceMs: 60_000,
};

await runScript(async context => {
  const startedAt = Math.round(performance.timeOrigin);
  const { keep = false, ...files } = flagsOf(context.args);
  const { report, env } = context;
  await makeRoom({ ...files, html: PAGE });
  await setUp(context);
  const sound = await rehearse({ config: CONFIG, env: 'prod', out: OUT, report });

  const config = await loadConfig(CONFIG);
  const folder = await localFolder(process.cwd(), CONFIG);
  const options = { ...context, folder, config };
  const mine = !keep && (await runningSupervisor(folder)) === undefined;
  try {
    const readyMs = await bringUp(options, mine);
    const transport = env['PULSAR_TRANSPORT'];
    const run = await localTraffic({ ...options, props: TRAFFIC, ...(transport && { transport }) });
    const account = accountOf(run, { startedAt, readyMs });
    const closes = await tellTraffic(account, { ...files, html: PAGE }, report);
    if (!mine) await tellWhatRuns(options);
    else
      report.action('next', 'npm run demo -- --keep leaves it running; npx platform plan --env prod; docs/');
    if (!closes) return 1;
    return sound ? 0 : 3;
  } finally {
    if (mine) await localDown({ ...options, signal: new AbortController().signal });
  }
});

interface Flags {
  readonly keep?: boolean;
  readonly json?: string;
  readonly svg?: string;
}

function flagsOf(args: readonly string[]): Flags {
  return new Command('demo')
    .description(
      'see the whole platform work on this machine: plan, broker, store, speech, messages, a report',
    )
    .option('--keep', 'leave the platform running')
    .option('--json <file>', 'write the figures as JSON')
    .option('--svg <dir>', 'write the plots as pictures into a folder')
    .option('--debug', 'print the stack of an error')
    .addHelpText('after', '\nExamples:\n  $ npm run demo\n  $ npm run demo -- --keep --json figures.json')
    .exitOverride()
    .parse([...args], { from: 'user' })
    .opts<Flags>();
}

/** @returns how long it took, ms */
async function bringUp(options: UpOptions, mine: boolean): Promise<number> {
  const began = Date.now();
  const owner = mine ? identify(process.pid) : undefined;
  await localUp({ ...options, ...(owner && { owner }) });
  const ms = Date.now() - began;
  options.report.success('platform', `ready (${(ms / 1000).toFixed(1)} s)`);
  return ms;
}

/** What goes on running, and where its front door is, if it has one. */
async function tellWhatRuns({ config, folder, report }: UpOptions): Promise<void> {
  const running = (await runningSupervisor(folder))?.processes.map(({ name }) => name) ?? [];
  report.success('local', `goes on running: ${running.join(', ')}; platform local down stops it`);
  const door = running.includes('web') ? frontDoor(await recordedPlan(config, folder)) : undefined;
  if (door === undefined) return;
  report.success('web', door);
  report.action('web', 'its authority is unknown to your browser: docs/voice-chat.md says how it is trusted');
  for (const { name, password } of (await readPeople(folder))?.users ?? []) {
    report.success('sign in', `${name}  ${password}`);
  }
}
