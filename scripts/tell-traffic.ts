import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {
  latencyPlot,
  type TrafficAccount,
  type TrafficFiles,
  trafficPage,
  trafficText,
} from '../demo-services/traffic/index.js';
import type { Report } from '../platform/report.js';

/** Prints the account and writes the files that were asked for. @returns whether the ledger closes */
export async function tellTraffic(
  account: TrafficAccount,
  { json, html, svg }: TrafficFiles,
  report: Report,
): Promise<boolean> {
  process.stdout.write(`\n${trafficText(account)}\n\n`);
  if (json) await write(json, `${JSON.stringify(account.report, null, 2)}\n`);
  if (svg) await write(svg, await latencyPlot(account));
  if (html) {
    await write(html, await trafficPage(account));
    report.generate('page', path.resolve(html));
  }
  if (account.ledger.closes) report.success('ledger', 'closes: every message is accounted for');
  else report.failure('ledger', 'does not close');
  return account.ledger.closes;
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  await writeFile(file, text);
}
