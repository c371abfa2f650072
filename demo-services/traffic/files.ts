import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TrafficFiles } from './flags.js';
import { trafficPage } from './page.js';
import { latencyPlot } from './plots.js';
import type { TrafficAccount } from './report.js';

/** Writes the files that were asked for, with the folders that they need. */
export async function writeFiles(account: TrafficAccount, { json, html, svg }: TrafficFiles): Promise<void> {
  if (json) await write(json, `${JSON.stringify(account.report, null, 2)}\n`);
  if (svg) await write(svg, `${await latencyPlot(account)}\n`);
  if (html) await write(html, await trafficPage(account));
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  await writeFile(file, text);
}
