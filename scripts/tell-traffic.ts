import path from 'node:path';
import process from 'node:process';
import {
  type TrafficAccount,
  type TrafficFiles,
  trafficText,
  writeFiles,
} from '../demo-services/traffic/index.js';
import type { Report } from '../platform/report.js';

/** Prints the account and writes the files that were asked for. @returns whether the ledger closes */
export async function tellTraffic(
  account: TrafficAccount,
  files: TrafficFiles,
  report: Report,
): Promise<boolean> {
  process.stdout.write(`\n${trafficText(account)}\n\n`);
  await writeFiles(account, files);
  for (const [subject, file] of Object.entries({
    figures: files.json,
    pictures: files.svg,
    page: files.html,
  })) {
    if (file) report.generate(subject, path.resolve(file));
  }
  if (account.ledger.closes) report.success('ledger', 'closes: every message is accounted for');
  else report.failure('ledger', 'does not close');
  return account.ledger.closes;
}
