import { createServer } from 'node:net';
import getPort, { portNumbers } from 'get-port';
import { PlatformError } from '../errors.js';
import type { LocalPorts, Plan } from '../plan/index.js';

/**
 * Below the range from which systems take ports for outgoing connections (Linux 32768, macOS 49152): while a part
 * restarts nobody else gets its port by chance.
 */
const RANGE = { first: 20_000, last: 29_999 };

/** Ids of everything of ours that listens: the endpoints (wss shares the port of https) and the embedded bookie. */
function listeners(plan: Plan): { id: string; wanted: number }[] {
  const ours = new Set(plan.certificates.map(({ workload }) => workload));
  return [
    ...plan.endpoints
      .filter(({ protocol, workload }) => protocol !== 'wss' && ours.has(workload))
      .map(({ id, port }) => ({ id, wanted: port })),
    { id: 'broker/bookkeeper', wanted: 0 },
  ];
}

/**
 * A port for each listener: the config's, else the one of last time, else a free one.
 *
 * @param plan computed without ports: it holds those of the config, and 0 elsewhere
 * @param recorded ports of last time
 * @param running workloads that run: their recorded ports are busy, rightly
 */
export async function choosePorts(
  plan: Plan,
  recorded: LocalPorts,
  running: readonly string[],
): Promise<LocalPorts> {
  const chosen: Record<string, number> = {};
  const taken = () => [...Object.values(recorded), ...Object.values(chosen)];
  for (const { id, wanted } of listeners(plan)) {
    const before = recorded[id];
    const kept = before !== undefined && (wanted === 0 || wanted === before);
    const isOwn = running.includes(id.split('/')[0] ?? '');
    if (kept && (isOwn || (await isFree(before)))) chosen[id] = before;
    else if (wanted === 0) chosen[id] = await freePort(taken());
    else if (await isFree(wanted)) chosen[id] = wanted;
    else throw portBusy(id, wanted);
  }
  return chosen;
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
