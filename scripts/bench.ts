// `npm run bench [-- --json FILE]`: every way to speak to Pulsar, side by side on one broker of its own.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { Command, Option } from 'commander';
import {
  type BenchResult,
  benchPage,
  HEAD,
  latencyPlot,
  ratesPlot,
  rowsOf,
} from '../demo-services/bench/index.js';
import { BENCH_SUBJECTS, bench } from '../platform/actions/bench/index.js';
import { loadConfig } from '../platform/actions/load.js';
import { localFolder } from '../platform/actions/local/folder.js';
import { setUp } from '../platform/actions/setup.js';
import { table } from '../platform/cli/table.js';
import type { Report } from '../platform/report.js';
import { makeRoom } from './output-files.js';
import { runScript } from './run-script.js';

const CONFIG = 'platform.yaml';
const STATE = path.join('.platform', 'bench');
const PAGE = path.join('.platform', 'bench.html');

interface Flags {
  readonly json?: string;
  readonly svg?: string;
  readonly html: string;
  readonly only?: readonly string[];
  readonly oneByOne?: boolean;
}

await runScript(async context => {
  const { only, oneByOne, ...files } = flagsOf(context.args);
  await makeRoom(files);
  await setUp(context);
  const result = await bench({
    ...context,
    config: await loadConfig(CONFIG),
    folder: await localFolder(process.cwd(), CONFIG, STATE),
    ...(only && { only }),
    rates: oneByOne ? 'latency' : 'throughput',
  });
  process.stdout.write(`\n${table(HEAD, rowsOf(result))}\n\n`);
  for (const { subject, reason } of result.skipped) context.report.warning(subject, `skipped: ${reason}`);
  await write(result, files, context.report);
  return 0;
});

function flagsOf(args: readonly string[]): Flags {
  return new Command('bench')
    .description('produce and end-to-end rates and latencies of every way to speak to Pulsar, on one broker')
    .option('--json <file>', 'write the figures as JSON')
    .option('--html <file>', 'where the page goes', PAGE)
    .option('--svg <dir>', 'write the plots as pictures into a folder')
    .addOption(new Option('--only <subject...>', 'measure these only').choices([...BENCH_SUBJECTS]))
    .option('--one-by-one', 'rates with each message as an entry of its own, as work queues send them')
    .option('--debug', 'print the stack of an error')
    .addHelpText('after', '\nExamples:\n  $ npm run bench\n  $ npm run bench -- --json figures.json')
    .exitOverride()
    .parse([...args], { from: 'user' })
    .opts<Flags>();
}

async function write(
  result: BenchResult,
  { json, svg, html }: Pick<Flags, 'json' | 'svg' | 'html'>,
  report: Report,
): Promise<void> {
  if (json) {
    await writeFile(json, `${JSON.stringify(result.figures, null, 2)}\n`);
    report.generate('figures', path.resolve(json));
  }
  if (svg) {
    await writeFile(path.join(svg, 'bench-rates.svg'), await ratesPlot(result));
    await writeFile(path.join(svg, 'bench-latency.svg'), await latencyPlot(result));
    report.generate('pictures', path.resolve(svg));
  }
  await writeFile(html, await benchPage(result));
  report.generate('page', path.resolve(html));
}
