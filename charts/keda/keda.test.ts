import { describe, expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../platform/config/testing/configs.js';
import { makePlan } from '../../platform/plan/index.js';
import { kubernetesArtifacts, placeholderOutputs } from '../index.js';

function made(services: string, more = '') {
  const plan = makePlan(configOf(`${MINIMAL}services: ${services}\n${more}`), { target: 'cluster' });
  const { manifests, releases } = kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
  const objects = manifests.flatMap(file => file.objects);
  const specOf = (kind: string, name: string) =>
    objects.find(object => object.kind === kind && object.metadata.name === name)?.['spec'];
  return { plan, objects, specOf, release: releases.find(({ name }) => name === 'keda') };
}

describe('a service that scales by its backlog', () => {
  const { plan, specOf, release } = made(
    '{ images: { scaling: { kind: backlog, min: 3, max: 9, messages: 5 } } }',
    'observability: { kind: none }',
  );

  it('is scaled by what waits on its own subscription, asked of Pulsar by verified TLS', () => {
    expect(specOf('ScaledObject', 'images')).toMatchObject({
      scaleTargetRef: { kind: 'Deployment', name: 'images' },
      minReplicaCount: 3,
      maxReplicaCount: 9,
      fallback: { replicas: 3, behavior: 'currentReplicasIfHigher' },
      triggers: [
        {
          type: 'pulsar',
          metadata: {
            adminURL: 'https://pulsar-proxy.pulsar.svc.cluster.local:8443',
            topic: 'persistent://voice/chat/images',
            isPartitionedTopic: 'false',
            subscription: 'images',
            msgBacklogThreshold: '5',
            authModes: 'tls,bearer',
          },
          authenticationRef: { name: 'images' },
        },
      ],
    });
  });

  it('lends KEDA its token and its certificate, by the names under which they are there', () => {
    expect(specOf('TriggerAuthentication', 'images')).toEqual({
      secretTargetRef: [
        { parameter: 'bearerToken', name: 'images-token', key: 'token' },
        { parameter: 'cert', name: 'images-tls', key: 'tls.crt' },
        { parameter: 'key', name: 'images-tls', key: 'tls.key' },
      ],
      configMapTargetRef: [{ parameter: 'ca', name: 'platform-trust', key: 'ca.crt' }],
    });
  });

  it('is in the dial graph, as the role of the service, and reads Secrets there only', () => {
    const dials = plan.dials.filter(({ from, to }) => from === 'keda' && to.startsWith('proxy/'));
    expect(dials).toEqual([{ from: 'keda', to: 'proxy/https', as: 'images', why: expect.any(String) }]);
    expect(release?.values).toMatchObject({ watchNamespace: 'services' });
  });
});

it('without mutual TLS only the token is lent', () => {
  const { specOf } = made('{ images: { scaling: { kind: backlog } } }', 'tls: { mutual: false }');
  expect(specOf('ScaledObject', 'images')).toMatchObject({
    triggers: [{ metadata: { authModes: 'bearer' } }],
  });
  expect(JSON.stringify(specOf('TriggerAuthentication', 'images'))).not.toContain('tls.key');
});

it('two services scale by their own backlogs, with their own tokens', () => {
  const { plan, specOf } = made(
    '{ images: { scaling: { kind: backlog } }, transcriber: { scaling: { kind: backlog } } }',
  );
  expect(
    plan.dials.filter(({ from, to }) => from === 'keda' && to === 'proxy/https').map(({ as }) => as),
  ).toEqual(['transcriber', 'images']);
  expect(JSON.stringify(specOf('TriggerAuthentication', 'transcriber'))).toContain('transcriber-token');
  expect(JSON.stringify(specOf('TriggerAuthentication', 'images'))).toContain('images-token');
});

it('CPU stays with the HorizontalPodAutoscaler, and KEDA away', () => {
  const { objects, specOf, release, plan } = made('{ images: { scaling: { kind: cpu, percent: 55 } } }');
  expect(specOf('HorizontalPodAutoscaler', 'images')).toMatchObject({
    metrics: [{ resource: { target: { averageUtilization: 55 } } }],
  });
  expect(objects.filter(({ kind }) => kind === 'ScaledObject')).toEqual([]);
  expect(release).toBeUndefined();
  expect(plan.workloads.map(({ name }) => name)).not.toContain('keda');
});
