import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ApiServer,
  kubernetesAssets,
  startApiServer,
  withoutApiServer,
} from '../../charts/testing/api-server.js';
import { type Kubernetes, kubernetes, type Manifest, type ObjectRef } from './kubernetes.js';

describe.skipIf(kubernetesAssets === undefined)(`an API server${withoutApiServer}`, () => {
  let server: ApiServer;
  let cluster: Kubernetes;
  beforeAll(async () => {
    server = await startApiServer(kubernetesAssets ?? '');
    cluster = kubernetes(server);
  }, 120_000);
  afterAll(() => server?.stop());

  const ref = (name: string): ObjectRef => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
  });

  it('deletes only the object that is meant', async () => {
    const { metadata } = await cluster.apply(ref('meant') as Manifest);
    const other = '00000000-0000-4000-8000-000000000000';
    expect(await cluster.remove(ref('meant'), { uid: other })).toBe(false);
    expect((await cluster.read(ref('meant')))?.metadata?.uid).toBe(metadata?.uid);
    expect(await cluster.remove(ref('meant'), { uid: metadata?.uid ?? '' })).toBe(true);
    expect(await cluster.read(ref('meant'))).toBeUndefined();
    expect(await cluster.remove(ref('meant'))).toBe(false);
  });

  it('keeps an object whose belongings are to stay until its collector has seen to that', async () => {
    await cluster.apply(ref('owner') as Manifest);
    expect(await cluster.remove(ref('owner'), { orphan: true })).toBe(true);
    expect((await cluster.read(ref('owner')))?.metadata).toMatchObject({
      deletionTimestamp: expect.any(String),
      finalizers: ['orphan'],
    });
  });
});
