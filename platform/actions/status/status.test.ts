import { describe, expect, it } from 'vitest';
import type { Kubernetes, Manifest } from '../../edges/kubernetes.js';
import { factsOf } from './cluster.js';
import type { StatusFacts } from './facts.js';
import { statusOf } from './status.js';

const now = new Date('2026-06-10T00:00:00Z');
const good: StatusFacts = {
  name: 'voice',
  target: 'local',
  parts: [{ name: 'broker', state: 'ready', ready: true, detail: 'pid 1, 0 restarts' }],
  versions: { pulsar: '4.0.8' },
  certificates: [{ workload: 'broker', notBefore: '2026-06-08T00:00:00Z', notAfter: '2026-06-15T00:00:00Z' }],
  subscriptions: [
    { topic: 'audio', subscription: 'transcriber', backlog: 3, unacknowledged: 1, consumers: 1 },
  ],
  deadLetters: [{ topic: 'audio-dead-letters', waiting: 0 }],
  disk: { path: '/state', freeMiB: 9_000, low: false },
  unknown: [],
};
const codes = (facts: Partial<StatusFacts>) =>
  statusOf({ ...good, ...facts }, now).findings.map(({ code, severity }) => `${code} ${severity}`);

describe('the status of a platform', () => {
  it('that is well has no finding, and says how long its certificates last', () => {
    expect(statusOf(good, now)).toMatchObject({
      healthy: true,
      findings: [],
      certificates: [{ daysLeft: 5 }],
    });
  });

  it('names a process that does not run, and where its log is', () => {
    const parts = [
      { name: 'store', state: 'restarting', ready: false, detail: '', log: 'platform local logs store' },
    ];
    const status = statusOf({ ...good, parts }, now);
    expect(status.healthy).toBe(false);
    expect(status.findings[0]).toMatchObject({
      code: 'ProcessDown',
      fix: 'see its log: platform local logs store',
    });
  });

  it('is not well where nothing runs, and merely warns of a part that did not answer', () => {
    const unknown = [{ what: 'the broker', reason: 'it is not ready' }];
    expect(codes({ unknown })).toEqual(['ProcessDown warning']);
    expect(codes({ unknown, parts: [] })).toEqual(['ProcessDown error']);
  });

  it('names a key whose revocation has not ended, with the command that goes on', () => {
    const { findings } = statusOf({ ...good, keysBeingRevoked: ['3Fk9aQ'] }, now);
    expect(findings).toMatchObject([
      { code: 'RevocationUnfinished', severity: 'error', fix: 'platform tokens revoke 3Fk9aQ' },
    ]);
  });

  it('tells a certificate that should have been renewed from one that has ended', () => {
    const certificate = (notBefore: string, notAfter: string) => ({
      certificates: [{ workload: 'broker', notBefore, notAfter }],
    });
    expect(codes(certificate('2026-06-03T12:00:00Z', '2026-06-10T12:00:00Z'))).toEqual([
      'CertificateEndsSoon warning',
    ]);
    expect(codes(certificate('2026-06-01T00:00:00Z', '2026-06-08T00:00:00Z'))).toEqual([
      'CertificateEndsSoon error',
    ]);
  });

  it('tells work that goes on from work that nobody does', () => {
    const backlog = (count: number, consumers: number) => ({
      subscriptions: [
        { topic: 'audio', subscription: 'transcriber', backlog: count, unacknowledged: 0, consumers },
      ],
    });
    expect(codes(backlog(999, 1))).toEqual([]);
    expect(codes(backlog(1_000, 1))).toEqual(['BacklogGrows warning']);
    expect(codes(backlog(1, 0))).toEqual(['BacklogGrows warning']);
  });

  it('names what was given up, and a disk that is full', () => {
    expect(codes({ deadLetters: [{ topic: 'audio-dead-letters', waiting: 2 }] })).toEqual([
      'DeadLettersWait warning',
    ]);
    expect(codes({ disk: { path: '/state', freeMiB: 10, low: true } })).toEqual(['DiskLow error']);
  });
});

describe('the status of a cluster', () => {
  const cluster = (objects: readonly Manifest[]): Kubernetes => ({
    context: 'test',
    cluster: 'test',
    version: async () => '1.36',
    apply: async object => object,
    read: async () => undefined,
    list: async (_, kind) => objects.filter(object => object.kind === kind),
    remove: async () => false,
  });

  it('is read from its API server alone: what runs, in which version, what waits', async () => {
    const facts = await factsOf(
      'voice',
      cluster([
        {
          apiVersion: 'apps/v1',
          kind: 'StatefulSet',
          metadata: { name: 'pulsar-bookie', namespace: 'pulsar', generation: 1 },
          spec: { replicas: 3, template: { spec: { containers: [{ image: 'pulsar:4.0.8' }] } } },
          status: { observedGeneration: 1, updatedReplicas: 3, readyReplicas: 2 },
        },
        { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'other', namespace: 'default' } },
        {
          apiVersion: 'cert-manager.io/v1',
          kind: 'Certificate',
          metadata: { name: 'pulsar-tls-broker', namespace: 'pulsar' },
          status: { notBefore: '2026-06-08T00:00:00Z', notAfter: '2026-06-15T00:00:00Z' },
        },
      ]),
    );
    expect(facts.parts).toMatchObject([
      { name: 'pulsar/pulsar-bookie', ready: false, state: '2 of 3 pods ready', detail: 'pulsar:4.0.8' },
    ]);
    expect(facts.certificates).toHaveLength(1);
  });
});
