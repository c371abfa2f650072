import { setTimeout as wait } from 'node:timers/promises';
import { PlatformError } from '../../../errors.js';
import type { Report } from '../../../report.js';
import { type GateLimits, type Health, noBookieToSpare, type RedGate, redGates } from './gates.js';
import { nextRestart, type PodFact, type SetFact } from './machine.js';

/** What restarting needs of a cluster. */
export interface RollingCluster {
  /** In the order in which they are restarted. */
  sets(): Promise<readonly SetFact[]>;
  health(): Promise<Health>;
  /** Deletes this very pod, and not one that has its name by now. */
  restart(pod: PodFact): Promise<void>;
}

export interface RestartOptions {
  readonly cluster: RollingCluster;
  readonly limits: GateLimits;
  /** Whether red gates are told and passed: for the change that mends what is red. */
  readonly ignoreGates: boolean;
  /** How long a pod may take to be ready, and the gates to be green again. */
  readonly timeoutMs: number;
  /** @default 2000 */
  readonly pollMs?: number;
  readonly report: Report;
  readonly signal: AbortSignal;
}

const POLL_MS = 2_000;

export type GateOptions = Pick<RestartOptions, 'cluster' | 'limits' | 'ignoreGates' | 'report'>;

/**
 * Stops before a stage when taking a pod away would cost somebody something.
 *
 * @throws PlatformError GateRed
 */
export async function assertGreen(
  where: string,
  { cluster, limits, ignoreGates, report }: GateOptions,
): Promise<void> {
  report.progress(where, 'asking how Pulsar does');
  const red = redGates(await cluster.health(), limits);
  if (red.length === 0) return;
  if (!ignoreGates) throw gateRed(red, { where: `before ${where}` });
  for (const { gate, saw, want } of red)
    report.warning(where, `${gate}: ${saw}, wanted ${want}; going on as told`);
}

/**
 * Replaces the pods that do not run what their sets say: set after set, one pod at a time, each ready and every gate
 * green before the next. Killed anywhere and run again it goes on there.
 *
 * @throws PlatformError GateRed, StageNotHealthy
 */
export async function restartInOrder(
  options: RestartOptions,
): Promise<{ readonly restarted: readonly string[] }> {
  const { cluster, limits, ignoreGates, report, signal, timeoutMs, pollMs = POLL_MS } = options;
  const restarted: string[] = [];
  let deadline = Date.now() + timeoutMs;
  let toldNoSpare = false;
  for (;;) {
    signal.throwIfAborted();
    const step = nextRestart(await cluster.sets());
    if (step.kind === 'done' && restarted.length === 0) return { restarted };
    const asks = !ignoreGates && (step.kind === 'done' || (step.kind === 'restart' && !step.mends));
    const health = asks ? await cluster.health() : {};
    const red = redGates(health, limits);
    if (step.kind === 'done' && red.length === 0) return { restarted };
    if (step.kind === 'restart' && red.length === 0) {
      if (!toldNoSpare && noBookieToSpare(health, limits)) {
        toldNoSpare = true;
        report.warning('bookie', NO_SPARE);
      }
      report.action(step.component, `${step.pod.name} is restarted${step.mends ? ': it was not ready' : ''}`);
      await cluster.restart(step.pod);
      restarted.push(step.pod.name);
      deadline = Date.now() + timeoutMs;
      continue;
    }
    const what = step.kind === 'wait' ? step.why : `waiting for ${red.map(({ gate }) => gate).join(', ')}`;
    const component = step.kind === 'done' ? 'pulsar' : step.component;
    if (Date.now() > deadline) throw stuck(component, what, red);
    report.progress(component, what);
    await wait(pollMs, undefined, { signal });
  }
}

const NO_SPARE =
  'there are no more bookies than a ledger is spread over: while one restarts no ledger can be opened, and producers wait';

function stuck(component: string, what: string, red: readonly RedGate[]): PlatformError {
  return red.length > 0
    ? gateRed(red, { where: `between the pods of ${component}`, timedOut: true })
    : new PlatformError('StageNotHealthy', `${component} is not done in time`, {
        where: component,
        saw: what,
      });
}

function gateRed(
  red: readonly RedGate[],
  { where, timedOut = false }: { readonly where: string; readonly timedOut?: boolean },
): PlatformError {
  const names = red.map(({ gate }) => gate).join(', ');
  return new PlatformError('GateRed', `a restart now could cost messages: ${names}`, {
    where,
    saw: red.map(({ gate, saw }) => `${gate}: ${saw}`).join('; '),
    want: red.map(({ gate, want }) => `${gate}: ${want}`).join('; '),
    fix: `${red.map(({ fix }) => fix).join('; ')}; when this change is what mends it, pass --ignore-gates`,
    timedOut,
  });
}
