import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TrafficFiles } from './flags.js';
import { trafficPage } from './page.js';
import { backlogPlot, latencyPlot, throughputPlot } from './plots.js';
import type { TrafficAccount } from './report.js';

/** Writes the files that were asked for, with the folders that they need. */
export async function writeFiles(account: TrafficAccount, { json, html, svg }: TrafficFiles): Promise<void> {
  if (json) await write(json, `${JSON.stringify(account.report, null, 2)}\n`);
  if (svg) await writePlots(account, svg);
  if (html) await write(html, await trafficPage(account));
}

/** The plots of the page as pictures of their own. */
async function writePlots(account: TrafficAccount, folder: string): Promise<void> {
  const plots = { latency: latencyPlot, throughput: throughputPlot, backlog: backlogPlot };
  for (const [name, plot] of Object.entries(plots)) {
    await write(path.join(folder, `traffic-${name}.svg`), `${await plot(account)}\n`);
  }
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  await writeFile(file, text);
}
