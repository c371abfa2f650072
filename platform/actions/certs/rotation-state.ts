import { z } from 'zod';
import type { RotationState } from '../../../certs/index.js';
import type { Plan } from '../../plan/index.js';

const stateSchema = z.strictObject({
  version: z.literal(1),
  startedAt: z.iso.datetime(),
  from: z.array(z.string()),
  trustedSince: z.iso.datetime().exactOptional(),
  confirmedAt: z.iso.datetime().exactOptional(),
  servedSince: z.iso.datetime().exactOptional(),
  aborting: z.boolean().exactOptional(),
});

/** A damaged state is no state: where a rotation stands is seen from what is so. */
export function parseRotationState(text: string): RotationState | undefined {
  const parsed = stateSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** First who only dials; then services, which keep no quorum; then one after the other what they use. */
export function batchesOf({ workloads, certificates }: Plan): string[][] {
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
