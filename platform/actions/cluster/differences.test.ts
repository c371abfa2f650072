import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../edges/kubernetes.js';
import { fieldChanges, marksOf } from './differences.js';
import { unhealthy } from './health.js';
import { keyOf, surplus } from './inventory.js';
import { inOrder } from './order.js';

const deployment = (image: string, more: object = {}): Manifest =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'services', ...more },
    spec: {
      replicas: 2,
      template: {
        spec: {
          containers: [
            { name: 'proxy', image: 'proxy:1' },
            { name: 'web', image },
          ],
        },
      },
    },
  }) as unknown as Manifest;

const ref = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'services' },
};

describe('the difference of two states of an object', () => {
  it('names the field, by the names of list items, with both sides', () => {
    expect(fieldChanges(deployment('web:1'), deployment('web:2'))).toEqual([
      { path: 'spec.template.spec.containers[web].image', before: 'web:1', after: 'web:2' },
    ]);
  });

  it('is empty when only the bookkeeping of the API server differs', () => {
    const seen = deployment('web:1', { resourceVersion: '7', uid: 'u', managedFields: [{ manager: 'x' }] });
    expect(fieldChanges(seen, deployment('web:1', { resourceVersion: '8' }))).toEqual([]);
    const managed = deployment('web:1', { managedFields: [{ manager: 'x' }, { manager: 'z' }] });
    expect(fieldChanges(seen, managed)).toEqual([]);
    expect(
      fieldChanges(managed, deployment('web:1', { managedFields: [{ manager: 'y' }, { manager: 'z' }] })),
    ).toEqual([]);
  });

  it('shows that a secret changed, and never its values', () => {
    const secret = (value: string) =>
      ({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'key' },
        data: { key: value },
      }) as unknown as Manifest;
    const changes = fieldChanges(secret('b2xk'), secret('bmV3'));
    expect(changes).toEqual([{ path: 'data.key', before: '(secret)', after: '(secret)' }]);
  });

  it('says which changes restart pods, cost, or put data at risk', () => {
    const changed = fieldChanges(deployment('web:1'), deployment('web:2'));
    expect(marksOf(ref, 'change', changed)).toEqual(['restarts']);
    expect(marksOf(ref, 'change', [{ path: 'spec.replicas', before: 2, after: 3 }])).toEqual(['costs']);
    expect(
      marksOf({ ...ref, kind: 'StatefulSet' }, 'change', [{ path: 'spec.replicas', before: 3, after: 2 }]),
    ).toEqual(['data at risk', 'costs']);
    expect(marksOf({ ...ref, kind: 'PersistentVolumeClaim' }, 'delete', [])).toContain('data at risk');
  });
});

it('knows an object again when its kind has moved to a newer version, and what nobody wants any more', () => {
  const old = { ...ref, apiVersion: 'apps/v1beta1' };
  expect(keyOf(old)).toBe(keyOf(ref));
  const gone = { ...ref, metadata: { name: 'gone', namespace: 'services' } };
  expect(surplus({ services: [old, gone] }, [ref])).toEqual([gone]);
});

it('applies what others refer to first, and webhooks last', () => {
  const kinds = [
    'ValidatingWebhookConfiguration',
    'Deployment',
    'ConfigMap',
    'CustomResourceDefinition',
    'Namespace',
  ];
  expect(inOrder(kinds.map(kind => ({ kind }))).map(group => group[0]?.kind)).toEqual(kinds.reverse());
});

describe('health', () => {
  const at = (status: object, generation = 2) =>
    ({ ...deployment('web:1', { generation }), status }) as unknown as Manifest;

  it('of a rollout counts pods that are both updated and ready', () => {
    expect(
      unhealthy(at({ observedGeneration: 2, updatedReplicas: 2, availableReplicas: 2 })),
    ).toBeUndefined();
    expect(unhealthy(at({ observedGeneration: 2, updatedReplicas: 1, availableReplicas: 2 }))).toBe(
      '1 of 2 pods ready',
    );
  });

  it('waits for a controller that has not yet seen the change', () => {
    expect(unhealthy(at({ observedGeneration: 1, updatedReplicas: 2, availableReplicas: 2 }))).toMatch(
      /not yet seen/,
    );
  });
});
