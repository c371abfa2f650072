import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../config/index.js';
import { makePlan } from '../../plan/index.js';
import { diff } from './diff.js';
import { type NamespaceState, type PulsarState, wantedState } from './state.js';

const { config } = parseConfig('name: voice\nregion: eu-central-1\ndomain: voice.example.com\n');
if (config === undefined) throw new Error('the example must be valid');
const wanted = wantedState(makePlan(config, { target: 'local' }));
const nothing: PulsarState = { tenants: ['public'], namespaces: [] };

/** What is wanted, with something about its one namespace different. */
function live(change: (namespace: NamespaceState) => Partial<NamespaceState>): PulsarState {
  return { ...wanted, namespaces: wanted.namespaces.map(it => ({ ...it, ...change(it) })) };
}

describe('what the plan wants of Pulsar', () => {
  it('gives a role exactly what its service does with a topic', () => {
    expect(wanted.namespaces[0]?.grants['persistent://voice/chat/audio']).toEqual({
      transcriber: ['consume'],
      thread: ['consume'],
      web: ['produce', 'consume'],
      traffic: ['produce'],
    });
  });

  it('has the subscription of each consumer before its first message, and none for readers', () => {
    const [namespace] = wanted.namespaces;
    const subscriptions = namespace?.topics.map(({ name, subscriptions: names }) => [name, names]);
    expect(Object.fromEntries(subscriptions ?? [])).toMatchObject({
      'persistent://voice/chat/audio': ['transcriber'],
      'persistent://voice/chat/results': [],
    });
    expect(namespace?.subscriptionRoles).toMatchObject({ images: ['images'], transcriber: ['transcriber'] });
  });

  it('gives super users no grant: they need none', () => {
    expect(JSON.stringify(wanted.namespaces.map(({ grants }) => grants))).not.toMatch(/operator|broker/);
  });

  it('keeps what was given up for the operator: each topic of dead letters has a subscription of nobody else', () => {
    const [namespace] = wanted.namespaces;
    const dead = namespace?.topics.filter(({ name }) => name.endsWith('-dead-letters'));
    expect(dead?.map(({ subscriptions }) => subscriptions)).toEqual([['replay'], ['replay']]);
    expect(namespace?.subscriptionRoles['replay']).toEqual(['broker', 'operator']);
  });
});

describe('diff', () => {
  it('is empty when all is as planned', () => {
    expect(diff(wanted, wanted)).toEqual([]);
  });

  it('makes everything in an order that can be applied', () => {
    const kinds = [...new Set(diff(wanted, nothing).map(({ kind }) => kind))];
    expect(kinds).toEqual([
      'createTenant',
      'createNamespace',
      'setRetention',
      'setDeduplication',
      'createTopic',
      'createSubscription',
      'grant',
      'grantSubscription',
    ]);
  });

  it('takes away what somebody granted by hand, on a topic, on the namespace, or on a subscription', () => {
    const drifted = live(({ grants, subscriptionRoles }) => ({
      grants: { ...grants, 'persistent://voice/chat/other': { mallory: ['consume'] } },
      namespaceGrants: ['mallory'],
      subscriptionRoles: { ...subscriptionRoles, transcriber: ['transcriber', 'mallory'] },
    }));
    expect(diff(wanted, drifted)).toEqual([
      { kind: 'revoke', topic: 'persistent://voice/chat/other', role: 'mallory' },
      { kind: 'revokeNamespace', namespace: 'voice/chat', role: 'mallory' },
      { kind: 'revokeSubscription', namespace: 'voice/chat', subscription: 'transcriber', role: 'mallory' },
    ]);
  });

  it('mends a grant that is too wide', () => {
    const topic = 'persistent://voice/chat/audio';
    const drifted = live(({ grants }) => ({
      grants: { ...grants, [topic]: { ...grants[topic], transcriber: ['produce', 'consume'] } },
    }));
    expect(diff(wanted, drifted)).toEqual([
      { kind: 'grant', topic, role: 'transcriber', permissions: ['consume'] },
    ]);
  });

  it('never removes a topic or a subscription that the plan does not know', () => {
    const more = live(({ topics }) => ({
      topics: [...topics, { name: 'persistent://voice/chat/mine', partitions: 0, subscriptions: ['me'] }],
    }));
    expect(diff(wanted, more)).toEqual([]);
  });

  it('adds partitions where the plan wants more', () => {
    const [topic] = wanted.namespaces[0]?.topics ?? [];
    if (topic === undefined) throw new Error('the plan has topics');
    const partitioned = (partitions: number): PulsarState => ({
      ...wanted,
      namespaces: wanted.namespaces.map(it => ({ ...it, topics: [{ ...topic, partitions }] })),
    });
    expect(diff(partitioned(4), partitioned(2))).toEqual([
      { kind: 'addPartitions', topic: topic.name, partitions: 4 },
    ]);
  });
});
