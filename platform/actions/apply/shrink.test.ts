import { expect, it } from 'vitest';
import type { Kubernetes, Manifest } from '../../edges/kubernetes.js';
import { refuseShrinking } from './shrink.js';

const set = (component: string, replicas: number) =>
  ({
    ...{ apiVersion: 'apps/v1', kind: 'StatefulSet' },
    metadata: { name: `pulsar-${component}`, namespace: 'pulsar', labels: { component } },
    spec: { replicas },
  }) as unknown as Manifest;

const shrinking = (component: string, live: number, wanted: number) =>
  refuseShrinking({ read: async () => set(component, live) } as unknown as Kubernetes, {
    ...{ name: 'pulsar', groups: [[set(component, wanted)]] },
  });

it.each(['bookie', 'zookeeper'])('takes no %s away by number', async component => {
  await expect(shrinking(component, 6, 3)).rejects.toMatchObject({ code: 'ReplicasShrink', saw: '6' });
  await expect(shrinking(component, 3, 3)).resolves.toBeUndefined();
  await expect(shrinking(component, 3, 6)).resolves.toBeUndefined();
});

it('lets what holds nothing become fewer', async () => {
  await expect(shrinking('broker', 6, 3)).resolves.toBeUndefined();
});
