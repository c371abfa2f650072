import { rm } from 'node:fs/promises';
import {
  abortRotation,
  beginRotation,
  type ForecastStep,
  forecast,
  type RotationSettings,
  type RotationState,
  rotateAuthority,
  rotateLeaves,
  type Step,
  type Store,
} from '../../../certs/index.js';
import type { Config } from '../../config/index.js';
import { readIfThere, writePrivate } from '../../edges/files.js';
import { PlatformError } from '../../errors.js';
import { recordedPlan, runningSupervisor, type StateFolder } from '../../local/index.js';
import { localEstate } from '../../local/pki/estate.js';
import { renewBrokerTrustIfAsked } from '../local/broker-trust.js';
import { exclusively, type LocalOptions } from '../local/exclusively.js';
import { batchesOf, parseRotationState } from './rotation-state.js';

export interface RotationOptions extends LocalOptions {
  readonly config: Config;
  /** @default 10: the broker looks at its files every 2 seconds, the services at each connection */
  readonly settleSeconds?: number;
  /** Called before each step; throwing there is like being killed there. */
  readonly onStep?: (step: Step) => void | Promise<void>;
}

const SETTLE_SECONDS = 10;

/** New certificates with new keys, for all or some workloads of the running local platform. */
export async function rotateLocalLeaves(
  options: RotationOptions & { readonly workloads?: readonly string[] },
): Promise<string[]> {
  const { estate, settings } = await open(options);
  const { workloads, report, signal } = options;
  return rotateLeaves({ estate, batches: settings.batches, report, signal, ...(workloads && { workloads }) });
}

/**
 * Replaces the authority of the running local platform, or goes on where an earlier run was killed. With several keys of
 * tokens in use the broker is restarted at the end, while the rotation still counts as under way: killed there, it goes
 * on there.
 */
export async function rotateLocalAuthority(options: RotationOptions): Promise<'rotated' | 'aborted'> {
  const { estate, settings, store, plan } = await open(options);
  const { report, signal } = options;
  const onStep = async (step: Step) => {
    await options.onStep?.(step);
    if (step.do === 'end') await exclusively(options, () => renewBrokerTrustIfAsked({ ...options, plan }));
  };
  return rotateAuthority({ estate, settings, store, report, signal, onStep });
}

/** Takes back what a rotation has done so far. */
export async function abortLocalRotation(options: RotationOptions): Promise<'rotated' | 'aborted'> {
  await abortRotation(await open(options));
  return rotateLocalAuthority(options);
}

/** The steps that are still to come, with their time; nothing is changed. */
export async function planLocalRotation(options: RotationOptions): Promise<ForecastStep[]> {
  const { estate, settings, store } = await open(options);
  const now = new Date();
  const facts = await estate.facts();
  return forecast((await store.read()) ?? beginRotation(facts, now), facts, settings, now);
}

async function open(options: RotationOptions) {
  const { config, folder, settleSeconds = SETTLE_SECONDS } = options;
  if ((await runningSupervisor(folder)) === undefined) {
    throw new PlatformError('LocalNotRunning', 'the local platform is not running', {
      where: folder.root,
      refused: true,
    });
  }
  const plan = await recordedPlan(config, folder);
  const settings: RotationSettings = { settleSeconds, batches: batchesOf(plan) };
  const estate = localEstate(plan, folder, work => exclusively(options, work));
  return { plan, estate, settings, store: fileStore(folder) };
}

function fileStore({ rotation: file }: StateFolder): Store<RotationState> {
  return {
    read: async () => parseRotationState((await readIfThere(file)) ?? ''),
    write: state => writePrivate(file, `${JSON.stringify(state, null, 2)}\n`),
    remove: () => rm(file, { force: true }),
  };
}
