import { expect, it } from 'vitest';
import { type Case, expectFound, found } from './testing/found.js';

const CASES: readonly Case[] = [
  [
    'KubernetesNotOffered',
    'cluster.kubernetesVersion',
    'cluster: {kubernetesVersion: "1.29"}',
    'cluster: {kubernetesVersion: "1.36"}',
  ],
  [
    'ClusterWithoutAdmin',
    'cluster.admins',
    'cluster: {creatorAdmin: false}',
    'cluster: {creatorAdmin: false, admins: ["arn:aws:iam::123456789012:role/Admin"]}',
  ],
  [
    'InstanceTypeUnknown',
    'nodes.stateful.instanceType',
    'nodes: {stateful: {instanceType: p4d.24xlarge}}',
    'nodes: {stateful: {instanceType: r7g.xlarge}}',
  ],
  [
    'InstanceArchitecture',
    'nodes.edge.instanceType',
    'nodes: {edge: {instanceType: t3.medium}}',
    'nodes: {architecture: x86_64, edge: {instanceType: t3.medium}}',
  ],
  [
    'BoundsReversed',
    'nodes.stateless.min',
    'nodes: {stateless: {kind: managed, min: 5, max: 4}}',
    'nodes: {stateless: {kind: managed, min: 4, max: 4}}',
  ],
  [
    'StatefulTierTooSmall',
    'nodes.stateful.perZone',
    'nodes: {stateful: {perZone: 1}}',
    'nodes: {stateful: {perZone: 3}}',
  ],
  [
    'StatefulNodeTooSmall',
    'nodes.stateful.instanceType',
    'nodes: {stateful: {instanceType: t4g.medium}}',
    'nodes: {stateful: {instanceType: m7g.xlarge}}',
  ],
  [
    'PodLargerThanNode',
    'pulsar.brokers',
    'nodes: {stateless: {kind: managed}}\npulsar: {brokers: {memoryMiB: 8192}}',
    'nodes: {stateless: {kind: managed, instanceType: m7g.xlarge}}\npulsar: {brokers: {memoryMiB: 8192}}',
  ],
  [
    'PodLargerThanNode',
    'services.images',
    'nodes: {stateless: {kind: managed}}\nservices: {images: {cpu: 2}}',
    'nodes: {stateless: {kind: managed, instanceType: m7g.xlarge}}\nservices: {images: {cpu: 2}}',
  ],
  [
    'PodLargerThanNode',
    'services.transcriber',
    'services: {transcriber: {memoryMiB: 131072}}',
    'services: {transcriber: {memoryMiB: 120000}}',
  ],
];

it.each(CASES)('%s at %s is found where it is, and only there', expectFound);

it('extended support of a Kubernetes begins, and a version ends, on its day', () => {
  const version = (name: string, today: string) => found(`cluster: {kubernetesVersion: "${name}"}`, today);
  const path = 'cluster.kubernetesVersion';
  expect(version('1.34', '2026-09-01')).toEqual([]);
  expect(version('1.34', '2026-11-21')).toEqual([`KubernetesExtendedSupport ${path}`]);
  expect(version('1.33', '2026-11-21')).toEqual([`KubernetesExtendedSupport ${path}`]);
  expect(version('1.31', '2026-11-21')).toEqual([`KubernetesExtendedSupport ${path}`]);
  expect(version('1.31', '2026-11-26')).toEqual([`KubernetesNotOffered ${path}`]);
});
