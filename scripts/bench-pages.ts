// `npm run bench:pages`: many live pages on one process of the front door, a message every 50 ms, connections that
// are dropped at random; a platform of its own in a temporary folder. Exit codes: 0, or 3 when a figure falls short.
import { mkdtemp } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { connectOptions, messagingEnv } from '../demo-services/messaging/index.js';
import { readEnv } from '../demo-services/runtime/env.js';
import { type BenchResult, benchPages } from '../demo-services/web/bench/bench.js';
import { loadConfig } from '../platform/actions/load.js';
import { localReset } from '../platform/actions/local/down.js';
import { localUp } from '../platform/actions/local/up.js';
import { writePrivate } from '../platform/edges/files.js';
import { identify } from '../platform/edges/process-identity.js';
import {
  claimStateFolder,
  type LocalPeople,
  openStateFolder,
  peopleFile,
  recordedPlan,
  runningSupervisor,
  serviceFiles,
} from '../platform/local/index.js';
import { frontDoor, serviceEnv } from '../platform/plan/index.js';
import { runScript } from './run-script.js';

const CONFIG = 'platform.yaml';
/** More pages of one are refused than each has here. */
const PEOPLE = 40;
const THREAD = 'everybody';
const EVERY_MS = 50;
const DROP_EVERY_MS = 100;
const MAX_AWAY_MS = 2_000;
/** What it must reach: ms, and MiB that the memory may grow by from the middle of the run to its end. */
const P99_MS = 250;
const GROWTH_MIB = 20;

await runScript(async context => {
  const { values } = parseArgs({
    args: [...context.args],
    options: {
      json: { type: 'boolean', default: false },
      pages: { type: 'string', default: '500' },
      seconds: { type: 'string', default: '45' },
      debug: { type: 'boolean', default: false },
    },
  });
  const config = await loadConfig(CONFIG);
  const folder = await openStateFolder(await mkdtemp(path.join(tmpdir(), 'bench-pages-')));
  const options = { ...context, folder, config };
  const owner = identify(process.pid);
  try {
    await claimStateFolder(folder);
    const people = manyPeople();
    await writePrivate(peopleFile(folder), JSON.stringify(people));
    const only = ['broker', 'store', 'thread', 'web'];
    await localUp({ ...options, only, ...(owner && { owner }) });
    const plan = await recordedPlan(config, folder);
    const env = serviceEnv(plan, 'web', serviceFiles(folder, 'web'));
    const web = (await runningSupervisor(folder))?.processes.find(({ name }) => name === 'web');
    const result = await benchPages({
      task: {
        url: frontDoor(plan) ?? '',
        trustFile: env['TLS_TRUST_FILE'] ?? '',
        people: people.users,
        pages: Number(values.pages),
        dropEveryMs: DROP_EVERY_MS,
        maxAwayMs: MAX_AWAY_MS,
      },
      messaging: connectOptions(readEnv(messagingEnv, env)),
      topic: env['TOPIC_AUDIO'] ?? '',
      thread: THREAD,
      pid: web?.identity?.pid ?? 0,
      everyMs: EVERY_MS,
      seconds: Number(values.seconds),
      signal: context.signal,
    });
    process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : tableOf(result));
    return reaches(result) ? 0 : 3;
  } finally {
    await localReset({ ...options, signal: new AbortController().signal });
  }
});

function manyPeople(): LocalPeople {
  const names = Array.from({ length: PEOPLE }, (_, i) => `page-${i}`);
  return {
    users: names.map(name => ({ name, password: `${name} of the bench` })),
    threads: [{ id: THREAD, title: 'Everybody', members: names }],
  };
}

function reaches({ live, missing, failures, rss }: BenchResult): boolean {
  return live.p99 <= P99_MS && missing === 0 && failures.length === 0 && growthOf(rss) <= GROWTH_MIB;
}

/** From the middle third of a run to its last. */
function growthOf(rss: readonly number[]): number {
  const third = Math.floor(rss.length / 3);
  const median = (of: readonly number[]) => [...of].sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0;
  return median(rss.slice(-third)) - median(rss.slice(third, 2 * third));
}

function tableOf(result: BenchResult): string {
  const { pages, messages, live, resumed, drops, missing, twice, failures, rss, cores, load, slices } =
    result;
  const rows = [
    ['pages, messages', `${pages}, ${messages} (one every ${EVERY_MS} ms)`],
    [
      'delivered live',
      `${live.count}: p50 ${live.p50}, p99 ${live.p99}, max ${live.max} ms (wanted: p99 <= ${P99_MS})`,
    ],
    [
      'delivered late',
      `${resumed.count}, to pages that were away: ${drops} dropped, for up to ${MAX_AWAY_MS} ms`,
    ],
    ['missed, twice', `${missing}, ${twice} (wanted: 0 missed)`],
    ['refused', failures.length === 0 ? '0' : failures.join(', ')],
    [
      'memory',
      `${rss[0]} MiB at first, ${rss.at(-1)} at last, most ${Math.max(...rss)}; grows ${growthOf(rss)} (wanted: <= ${GROWTH_MIB})`,
    ],
    ['p99 each 5 s', slices.join(', ')],
    [
      'cores',
      `${cores.toFixed(2)} of the process; load of the machine ${load.toFixed(1)} on ${cpus().length}`,
    ],
  ];
  return `${rows.map(([what = '', figures = '']) => `${what.padEnd(16)} ${figures}`).join('\n')}\n`;
}
