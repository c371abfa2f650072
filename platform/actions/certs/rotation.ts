import { rm } from 'node:fs/promises';
import { z } from 'zod';
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
import type { Plan } from '../../plan/index.js';
import { exclusively, type LocalOptions } from '../local/exclusively.js';

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

/** Replaces the authority of the running local platform, or goes on where an earlier run was killed. */
export async function rotateLocalAuthority(options: RotationOptions): Promise<'rotated' | 'aborted'> {
  const { estate, settings, store } = await open(options);
  const { report, signal, onStep } = options;
  return rotateAuthority({ estate, settings, store, report, signal, ...(onStep && { onStep }) });
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
  return { estate, settings, store: fileStore(folder) };
}

/** First who only dials; then services, which keep no quorum; then one after the other what they use. */
function batchesOf({ workloads, certificates }: Plan): string[][] {
  const names = certificates.map(({ workload }) => workload);
  const ofKind = (...kinds: readonly string[]) =>
    workloads
      .filter(({ name, kind }) => names.includes(name) && kinds.includes(kind))
      .map(({ name }) => name);
  const alone = (list: readonly string[]) => list.map(name => [name]);
  return [
    ofKind('person', 'client', 'operator'),
    ofKind('service', 'edge'),
    ...alone(ofKind('backing')),
    ...alone(ofKind('pulsar')),
  ].filter(batch => batch.length > 0);
}

const stateSchema = z.strictObject({
  version: z.literal(1),
  startedAt: z.iso.datetime(),
  from: z.array(z.string()),
  trustedSince: z.iso.datetime().optional(),
  confirmedAt: z.iso.datetime().optional(),
  servedSince: z.iso.datetime().optional(),
  aborting: z.boolean().optional(),
});

/** A damaged state is no state: where a rotation stands is seen from what is so. */
function fileStore({ rotation: file }: StateFolder): Store<RotationState> {
  return {
    read: async () => {
      const parsed = stateSchema.safeParse(parseJson((await readIfThere(file)) ?? ''));
      return parsed.success ? defined(parsed.data) : undefined;
    },
    write: state => writePrivate(file, `${JSON.stringify(state, null, 2)}\n`),
    remove: () => rm(file, { force: true }),
  };
}

function defined({
  trustedSince,
  confirmedAt,
  servedSince,
  aborting,
  ...rest
}: z.output<typeof stateSchema>): RotationState {
  return {
    ...rest,
    ...(trustedSince !== undefined && { trustedSince }),
    ...(confirmedAt !== undefined && { confirmedAt }),
    ...(servedSince !== undefined && { servedSince }),
    ...(aborting !== undefined && { aborting }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
