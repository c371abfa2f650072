import { expect, it } from 'vitest';
import { parseConfig } from '../index.js';
import { MINIMAL } from '../testing/configs.js';
import { type Case, expectFound, found } from './testing/found.js';

/** A small platform that promises nothing, so that single numbers can be wrong by themselves. */
const SMALL = 'survives: nothing, quorum: {ensemble: 1, write: 1, ack: 1}';

const CASES: readonly Case[] = [
  [
    'QuorumDisordered',
    'pulsar.quorum.ack',
    'pulsar: {quorum: {ensemble: 3, write: 2, ack: 3}}',
    'pulsar: {quorum: {ensemble: 3, write: 3, ack: 3}}',
  ],
  [
    'QuorumDisordered',
    'pulsar.quorum.write',
    'pulsar: {quorum: {ensemble: 2, write: 3, ack: 2}}',
    'pulsar: {quorum: {ensemble: 3, write: 3, ack: 2}}',
  ],
  [
    'BookiesFewerThanEnsemble',
    'pulsar.bookies.replicas',
    'pulsar: {survives: nothing, bookies: {replicas: 2}}',
    'pulsar: {survives: nothing, bookies: {replicas: 3}}',
  ],
  [
    'ZooKeeperEven',
    'pulsar.metadata.replicas',
    `pulsar: {${SMALL}, metadata: {replicas: 2}}`,
    `pulsar: {${SMALL}, metadata: {replicas: 1}}`,
  ],
  ['OxiaPlaintext', 'pulsar.metadata.kind', 'pulsar: {metadata: {kind: oxia}}', 'pulsar: {}'],
  [
    'LossNotSurvived',
    'pulsar.bookies.replicas',
    'pulsar: {bookies: {replicas: 4}}',
    'pulsar: {bookies: {replicas: 5}}',
  ],
  [
    'LossNotSurvived',
    'pulsar.metadata.replicas',
    'pulsar: {metadata: {replicas: 1}}',
    'pulsar: {metadata: {replicas: 5}}',
  ],
  [
    'LossNotSurvived',
    'pulsar.quorum.ack',
    'pulsar: {quorum: {ensemble: 3, write: 1, ack: 1}}',
    'pulsar: {quorum: {ensemble: 3, write: 2, ack: 1}}',
  ],
  [
    'LossNotSurvived',
    'pulsar.proxies.replicas',
    'pulsar: {survives: node, proxies: {replicas: 1}}',
    'pulsar: {survives: node, proxies: {replicas: 2}}',
  ],
  [
    'JvmExceedsMemory',
    'pulsar.brokers.memoryMiB',
    'pulsar: {brokers: {heapMiB: 2048, directMiB: 1024}}',
    'pulsar: {brokers: {heapMiB: 1536, directMiB: 1024}}',
  ],
  [
    'RetentionBelowReplay',
    'pulsar.retention.time',
    'pulsar: {retention: {time: 1h}}',
    'pulsar: {retention: {time: 1d}}',
  ],
];

it.each(CASES)('%s at %s is found where it is, and only there', expectFound);

it('Oxia passes with a warning once its plaintext is accepted', () => {
  const { config, findings } = parseConfig(`${MINIMAL}pulsar: {metadata: {kind: oxia, plaintext: accepted}}`);
  expect(config?.pulsar.metadata.kind).toBe('oxia');
  expect(findings.map(({ code, severity }) => [code, severity])).toEqual([['OxiaPlaintext', 'warning']]);
});

it('a zone with two of three ZooKeepers is a loss that is not survived', () => {
  expect(
    found('network: {zones: [eu-central-1a, eu-central-1b]}\nnodes: {stateful: {perZone: 3}}'),
  ).toContain('LossNotSurvived pulsar.metadata.replicas');
});
