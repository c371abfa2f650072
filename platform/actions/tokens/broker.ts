import { setTimeout as sleep } from 'node:timers/promises';
import { httpsProbe } from '../../edges/https-probe.js';
import { webSocketProbe } from '../../edges/websocket-probe.js';
import { PlatformError } from '../../errors.js';
import {
  clientTls,
  isReady,
  readSupervisorState,
  type StateFolder,
  signalPart,
  urlOf,
} from '../../local/index.js';
import { signToken, type TokenKey } from '../../local/tokens.js';
import { OPERATOR_ROLE, type Plan } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { FOR_ANY_ROLE, NO_SUCH_TOPIC, NO_TOPIC, UNAUTHENTICATED } from './probed.js';

export interface BrokerOptions {
  readonly plan: Plan;
  readonly folder: StateFolder;
  readonly report: Report;
  readonly signal: AbortSignal;
}

const POLL_MS = 250;
/** The broker asks for keys again after 2 seconds, and answers by the old ones until they are there. */
const KEYS_TIMEOUT_MS = 30_000;
const READY_TIMEOUT_MS = 120_000;

/**
 * Whether tokens of this key are taken everywhere now, or refused everywhere. The broker and its WebSocket gateway each keep
 * keys of their own, and learn of a new one each in its time.
 */
async function isSo(wanted: boolean, key: TokenKey, { plan, folder }: BrokerOptions): Promise<boolean> {
  const token = await signToken(OPERATOR_ROLE, key, { plan, seconds: 120 });
  const [tls, probe] = [await clientTls(folder), { token, timeoutMs: 10_000 }];
  const [admin, gateway] = await Promise.all([
    httpsProbe(`${urlOf(plan, 'broker/https')}${FOR_ANY_ROLE}`, tls, probe),
    webSocketProbe(`${urlOf(plan, 'broker/wss')}${NO_TOPIC}`, tls, probe),
  ]);
  return wanted
    ? admin.status === 200 && gateway.status === NO_SUCH_TOPIC
    : admin.status === UNAUTHENTICATED && gateway.status === UNAUTHENTICATED;
}

/** Waits until tokens of a key are taken everywhere, or nowhere any longer. */
export async function untilAccepted(key: TokenKey, wanted: boolean, options: BrokerOptions): Promise<void> {
  const { report, signal, folder } = options;
  const deadline = Date.now() + KEYS_TIMEOUT_MS;
  report.waiting('broker', wanted ? `to accept tokens of ${key.id}` : `to refuse tokens of ${key.id}`);
  while (!(await isSo(wanted, key, options))) {
    if (Date.now() > deadline) {
      throw new PlatformError('TokensStale', `tokens of ${key.id} are ${wanted ? 'refused' : 'accepted'}`, {
        where: folder.log('broker'),
        want: wanted ? 'accepted' : 'refused',
      });
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** Tells the broker to end, and waits until its supervisor has brought it back and it answers. */
export async function restartBroker(options: BrokerOptions, why: string): Promise<void> {
  const { folder, report } = options;
  report.action('broker', `restarting, ${why}`);
  const before = await restartsOf(folder);
  await signalPart(folder, 'broker', 'SIGTERM');
  await untilBrokerReady(before, options);
}

async function restartsOf(folder: StateFolder): Promise<number> {
  const state = await readSupervisorState(folder);
  return state?.processes.find(({ name }) => name === 'broker')?.restarts ?? 0;
}

/** @param before how often it had been started again when it was told to end */
async function untilBrokerReady(
  before: number,
  { plan, folder, report, signal }: BrokerOptions,
): Promise<void> {
  const began = Date.now();
  while ((await restartsOf(folder)) === before || !(await isReady(plan, folder, 'broker'))) {
    if (Date.now() - began > READY_TIMEOUT_MS) {
      throw new PlatformError('Timeout', 'the broker did not come back', { where: folder.log('broker') });
    }
    report.progress('broker', `restarting, ${((Date.now() - began) / 1000).toFixed(1)} s`);
    await sleep(POLL_MS, undefined, { signal });
  }
  report.success('broker', `ready (${((Date.now() - began) / 1000).toFixed(1)} s)`);
}
