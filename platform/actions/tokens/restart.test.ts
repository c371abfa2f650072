import { describe, expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../config/testing/configs.js';
import type { Kubernetes, Manifest, ObjectRef } from '../../edges/kubernetes.js';
import { newTokenKey } from '../../local/tokens.js';
import { makePlan } from '../../plan/index.js';
import { silent } from '../../report.js';
import { untilTaken } from './accepted.js';
import { assertRestarted } from './restart.js';
import { setOf } from './testing/sets.js';

/** A cluster with one broker, whose pod came when this key was shown; or with nothing at all. */
function clusterOf(known: string | undefined): Kubernetes {
  const pod = { metadata: { name: 'pulsar-broker-0', namespace: 'pulsar' } } as Manifest;
  const annotations = { 'platform/token-key': known };
  return {
    read: async ({ metadata }: ObjectRef) =>
      known !== undefined && metadata?.name === 'pulsar-broker' ? setOf('broker', 1) : undefined,
    list: async () => (known === undefined ? [] : [{ ...pod, metadata: { ...pod.metadata, annotations } }]),
  } as unknown as Kubernetes;
}

describe('that nobody takes the tokens of a key whose private half is gone', () => {
  const mark = { key: 'b7Xk20', before: '3Fk9aQ' };

  it('is said by the pods that came since the other one was shown', async () => {
    await expect(assertRestarted(clusterOf(mark.key), mark)).resolves.toBeUndefined();
  });

  it('is not said while a pod is from before', async () => {
    await expect(assertRestarted(clusterOf(mark.before), mark)).rejects.toMatchObject({
      ...{ code: 'TokensStale', where: 'pulsar/pulsar-broker-0', refused: false },
      ...{ saw: 'platform/token-key: 3Fk9aQ', want: 'b7Xk20' },
    });
  });
});

it('nobody is asked for tokens before Pulsar is there, and no certificate is needed to ask', async () => {
  const plan = makePlan(configOf(MINIMAL), { target: 'cluster' });
  const asking = {
    plan,
    cluster: clusterOf(undefined),
    report: silent,
    signal: new AbortController().signal,
  };
  const reach = () => Promise.reject(new Error('nobody is there'));
  await expect(untilTaken(await newTokenKey(), false, { ...asking, reach })).resolves.toBeUndefined();
});
