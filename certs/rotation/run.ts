import { setTimeout as sleep } from 'node:timers/promises';
import { PlatformError } from '../../platform/errors.js';
import { type Report, silent } from '../../platform/report.js';
import type { Estate, Store } from './estate.js';
import {
  afterStep,
  beginRotation,
  type Facts,
  isSwitched,
  nextStep,
  type RotationSettings,
  type RotationState,
  type Step,
} from './machine.js';

export interface RotationRun {
  readonly estate: Estate;
  readonly store: Store<RotationState>;
  readonly settings: RotationSettings;
  /** How long a change may take to be seen, before the rotation stops and says so. @default - 60 s more than it settles */
  readonly patienceSeconds?: number;
  readonly report?: Report;
  readonly signal?: AbortSignal;
  /** Called before each step; throwing there is like being killed there. */
  readonly onStep?: (step: Step) => void | Promise<void>;
}

const POLL_MS = 500;

/**
 * Replaces the authority of a platform by a new one while it runs, or goes on where an earlier run was killed.
 *
 * @returns how it ended: `aborted` when it was told to go back before
 * @throws PlatformError RotationStuck, when something does not take notice in time; it can be run again
 */
export async function rotateAuthority(run: RotationRun): Promise<'rotated' | 'aborted'> {
  const { estate, store, settings, onStep, signal, report = silent } = run;
  const facts = await estate.facts();
  let state = (await store.read()) ?? beginRotation(facts, new Date());
  await store.write(state);
  for (let seen = facts; ; seen = await estate.facts()) {
    signal?.throwIfAborted();
    const step = nextStep(state, seen, settings, new Date());
    await onStep?.(step);
    if (step.do === 'end') {
      // Killed while it made the new authority, it has a key that no facts tell of.
      if (step.outcome === 'aborted') await estate.discard();
      await store.remove();
      report.success(
        'rotation',
        step.outcome === 'rotated' ? 'the new authority has taken over' : 'taken back',
      );
      return step.outcome;
    }
    await perform(step, run);
    state = afterStep(state, step, new Date());
    await store.write(state);
  }
}

/**
 * Turns a rotation round: the next run takes everything back.
 *
 * @throws PlatformError RotationNotBegun; RotationPastSwitch when the new authority issues already
 */
export async function abortRotation({ estate, store }: Pick<RotationRun, 'estate' | 'store'>): Promise<void> {
  const [state, facts] = [await store.read(), await estate.facts()];
  if (state === undefined)
    throw new PlatformError('RotationNotBegun', 'no rotation is under way', { refused: true });
  if (isSwitched(state, facts)) {
    throw new PlatformError('RotationPastSwitch', 'the new authority issues already', { refused: true });
  }
  await store.write({ ...state, aborting: true });
}

async function perform(step: Exclude<Step, { readonly do: 'end' }>, run: RotationRun): Promise<void> {
  const { estate, report = silent } = run;
  switch (step.do) {
    case 'makeAuthority': {
      report.generate('rotation', 'a new authority');
      const { crossSigned } = await estate.makeAuthority();
      if (!crossSigned) {
        report.warning(
          'rotation',
          'clients that trust only the old root end when their server is renewed: it can not sign the new one',
        );
      }
      return;
    }
    case 'trust':
      report.action('rotation', `the new root is trusted by ${step.workloads.join(', ')}`);
      return estate.trust(step.workloads);
    case 'wait':
      return waitUntil(step.until, run);
    case 'confirm':
      report.waiting('rotation', 'for handshakes under both roots with every listener');
      return untilNothing('accepts both roots', estate.unconfirmed, run);
    case 'switchIssuer':
      report.action('rotation', 'the new authority issues from now on');
      return estate.switchIssuer();
    case 'reissue':
      report.action('rotation', `new certificates for ${step.workloads.join(', ')}`);
      return estate.reissue(step.workloads);
    case 'awaitServed':
      report.waiting('rotation', `until ${step.workloads.join(', ')} serve them`);
      return untilNothing(
        'serves what was issued',
        async () => notServing(await estate.facts(), step.workloads),
        run,
      );
    case 'retire':
      report.action('rotation', `the old root is retired from ${step.workloads.join(', ')}`);
      return estate.retire(step.workloads);
    case 'distrust':
      report.action('rotation', `the new root is taken back from ${step.workloads.join(', ')}`);
      return estate.distrust(step.workloads);
    case 'discard':
      return estate.discard();
    case 'noteTrusted':
    case 'noteServed':
      return;
  }
}

function notServing({ workloads }: Facts, names: readonly string[]): string[] {
  return workloads
    .filter(({ workload, serves }) => names.includes(workload) && !serves)
    .map(({ workload }) => workload);
}

async function waitUntil(until: Date, { report = silent, signal }: RotationRun): Promise<void> {
  for (let left = until.getTime() - Date.now(); left > 0; left = until.getTime() - Date.now()) {
    report.progress('rotation', `settling, ${Math.ceil(left / 1000)} s more`);
    await sleep(Math.min(left, 1000), undefined, { ...(signal && { signal }) });
  }
}

async function untilNothing(
  what: string,
  ask: () => Promise<readonly string[]>,
  { settings, patienceSeconds = settings.settleSeconds + 60, signal }: RotationRun,
): Promise<void> {
  const end = Date.now() + patienceSeconds * 1000;
  for (let left = await ask(); left.length > 0; left = await ask()) {
    if (Date.now() > end) {
      throw new PlatformError('RotationStuck', `not everything ${what} after ${patienceSeconds} s`, {
        where: left.join(', '),
      });
    }
    await sleep(POLL_MS, undefined, { ...(signal && { signal }) });
  }
}
