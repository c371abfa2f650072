import { createServer } from 'node:net';
import getPort, { portNumbers } from 'get-port';
import { z } from 'zod';
import { readIfThere, writePrivate } from '../edges/files.js';
import { PlatformError } from '../errors.js';
import type { LocalPorts, Plan } from '../plan/index.js';
import type { StateFolder } from './state-folder.js';

const recordedSchema = z.record(z.string(), z.int().min(1).max(65_535));

/**
 * Below the range from which systems take ports for outgoing connections (Linux 32768, macOS 49152): while a part
 * restarts nobody else gets its port by chance.
 */
const RANGE = { first: 20_000, last: 29_999 };

/** Ids of everything that listens: the endpoints (wss shares the port of https) and the embedded bookie. */
function listeners(plan: Plan): { id: string; wanted: number }[] {
  return [
    ...plan.endpoints
      .filter(({ protocol }) => protocol !== 'wss')
      .map(({ id, port }) => ({ id, wanted: port })),
    { id: 'broker/bookkeeper', wanted: 0 },
  ];
}

/**
 * A port for each listener: the config's, else the one of last time, else a free one; recorded in the state folder.
 *
 * @param plan computed without ports: it holds those of the config, and 0 elsewhere
 * @param running whether the platform runs: then its recorded ports are busy, rightly
 */
export async function choosePorts(plan: Plan, folder: StateFolder, running: boolean): Promise<LocalPorts> {
  const recorded = await recordedPorts(folder);
  const chosen: Record<string, number> = {};
  const taken = () => [...Object.values(recorded), ...Object.values(chosen)];
  for (const { id, wanted } of listeners(plan)) {
    const before = recorded[id];
    const kept = before !== undefined && (wanted === 0 || wanted === before);
    if (kept && (running || (await isFree(before)))) chosen[id] = before;
    else if (wanted === 0) chosen[id] = await freePort(taken());
    else if (await isFree(wanted)) chosen[id] = wanted;
    else throw portBusy(id, wanted);
  }
  await writePrivate(folder.ports, `${JSON.stringify(chosen, null, 2)}\n`);
  return chosen;
}

/** The ports of last time; a damaged record is no record, since free ports can be chosen again. */
export async function recordedPorts(folder: StateFolder): Promise<LocalPorts> {
  const text = await readIfThere(folder.ports);
  if (text === undefined) return {};
  try {
    return recordedSchema.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

async function freePort(exclude: readonly number[]): Promise<number> {
  const start = RANGE.first + Math.floor(Math.random() * (RANGE.last - RANGE.first));
  const port = [...portNumbers(start, RANGE.last), ...portNumbers(RANGE.first, start)];
  return getPort({ port, exclude, host: '127.0.0.1' });
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
  });
}

function portBusy(id: string, port: number): PlatformError {
  return new PlatformError('PortBusy', `port ${port} of ${id} is in use by another program`, {
    where: 'platform.yaml local.ports',
    saw: `127.0.0.1:${port} is taken`,
    want: 'a free port, or 0 to have one chosen',
    fix: `stop that program (lsof -nP -iTCP:${port} -sTCP:LISTEN names it), or change local.ports`,
    refused: true,
  });
}
