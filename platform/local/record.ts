import { z } from 'zod';
import type { Config } from '../config/index.js';
import { readIfThere, writePrivate } from '../edges/files.js';
import { makePlan, type Plan } from '../plan/index.js';
import type { StateFolder } from './state-folder.js';

const schema = z.strictObject({
  /** By endpoint id. */
  ports: z.record(z.string(), z.int().min(1).max(65_535)),
  /** Base URL of a transcription API that is not ours. */
  speechUrl: z.string().optional(),
});

/** What was chosen for this machine when the platform was brought up last: with the config it gives the plan. */
export type LocalRecord = Readonly<z.output<typeof schema>>;

/** A damaged record is no record: everything in it can be chosen again. */
export async function readRecord(folder: StateFolder): Promise<LocalRecord> {
  return (await wholeRecord(folder)) ?? { ports: {} };
}

/** Undefined when it is missing or damaged. */
export async function wholeRecord(folder: StateFolder): Promise<LocalRecord | undefined> {
  const text = await readIfThere(folder.record);
  try {
    return schema.parse(JSON.parse(text ?? ''));
  } catch {
    return undefined;
  }
}

export async function writeRecord(folder: StateFolder, record: LocalRecord): Promise<void> {
  await writePrivate(folder.record, `${JSON.stringify(record, null, 2)}\n`);
}

/** The plan of the platform that runs, or ran last, in this folder. */
export async function recordedPlan(config: Config, folder: StateFolder): Promise<Plan> {
  return planFor(config, await readRecord(folder));
}

export function planFor(config: Config, { ports, speechUrl }: LocalRecord): Plan {
  return makePlan(config, { target: 'local', ports, ...(speechUrl !== undefined && { speechUrl }) });
}
