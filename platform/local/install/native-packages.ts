import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import type { Report } from '../../report.js';
import { packageRoot } from '../compiled.js';

const TIMEOUT_MS = 180_000;

export type Transport = 'native' | 'websocket';

/**
 * Runs the install scripts of the packages that package.json allows (`allowScripts`), and of no others. Where the
 * addon of pulsar-client can't be had, the services use Pulsar's WebSocket API. A failure is remembered until the
 * packages change, so that no later run waits for the network.
 *
 * @returns the transport that `PULSAR_TRANSPORT=auto` takes here
 */
export async function buildNativePackages(report: Report, signal: AbortSignal): Promise<Transport> {
  if (await addonLoads()) return 'native';
  const tried = path.join(packageRoot(), 'node_modules', '.native-packages-tried');
  if (existsSync(tried)) return 'websocket';
  for (const name of await allowedPackages()) {
    report.action(name, 'fetching its addon');
    await execa('npm', ['rebuild', name, '--ignore-scripts=false'], {
      cwd: packageRoot(),
      stdin: 'ignore',
      reject: false,
      timeout: TIMEOUT_MS,
      cancelSignal: signal,
    });
  }
  if (await addonLoads()) return 'native';
  await writeFile(tried, '');
  report.warning(
    'transport',
    'the addon of pulsar-client could not be had here (npm rebuild pulsar-client --ignore-scripts=false tries again)',
  );
  return 'websocket';
}

/** Names without versions: the lock file pins those. */
async function allowedPackages(): Promise<string[]> {
  const text = await readFile(path.join(packageRoot(), 'package.json'), 'utf8');
  const { allowScripts } = JSON.parse(text) as { allowScripts: Record<string, boolean> };
  return Object.keys(allowScripts)
    .filter(key => allowScripts[key])
    .map(key => key.replace(/(?<=.)@.*$/, ''));
}

/** Asked in a process of its own: an addon that was built for another system may crash the one that loads it. */
async function addonLoads(): Promise<boolean> {
  if (
    !existsSync(path.join(packageRoot(), 'node_modules', 'pulsar-client', 'lib', 'binding', 'pulsar.node'))
  ) {
    return false;
  }
  const { failed } = await execa(process.execPath, ['-e', "require('pulsar-client')"], {
    cwd: packageRoot(),
    reject: false,
    timeout: 20_000,
  });
  return !failed;
}
