import { stat } from 'node:fs/promises';
import { runningSupervisor, type StateFolder } from '../../local/index.js';
import { rootsFile } from '../../local/pki/authority-folder.js';
import { readKeyRing } from '../../local/tokens.js';
import { type BrokerOptions, restartBroker } from '../tokens/broker.js';

/**
 * Restarts the broker when roots were written since it started. It asks the key server for the keys of tokens, and
 * trusts it by the roots of its start for as long as it runs: Pulsar's OpenID provider reads them once. Everything else
 * of the broker reads its files again by itself.
 */
export async function renewBrokerTrust(options: BrokerOptions): Promise<void> {
  if (await trustsRootsOfBefore(options.folder))
    await restartBroker(options, 'so that it trusts the key server by the roots of now');
}

/** The same, as far as the broker asks the key server at all: its first key it has from a file. */
export async function renewBrokerTrustIfAsked(options: BrokerOptions): Promise<void> {
  const ring = await readKeyRing(options.folder);
  if (ring?.keys.some(({ id }) => id !== ring.base.id)) await renewBrokerTrust(options);
}

/** One that does not run reads the roots of now when it starts. */
async function trustsRootsOfBefore(folder: StateFolder): Promise<boolean> {
  const supervisor = await runningSupervisor(folder);
  const broker = supervisor?.processes.find(({ name }) => name === 'broker');
  if (broker?.identity === undefined || broker.startedAt === undefined) return false;
  // A folder that no rotation has seen may hold the root alone.
  const roots = await stat(rootsFile(folder.authority)).catch(() => undefined);
  return roots !== undefined && Date.parse(broker.startedAt) < roots.mtimeMs;
}
