import { jvmOf, memoryForPodMiB } from '../jvm.js';
import { shortagesAfter } from '../survival.js';
import { toSeconds } from '../units.js';
import type { Problem, Rule } from './rule.js';

export const quorumIsOrdered: Rule = ({ pulsar: { quorum } }) => {
  const problem = (key: 'write' | 'ack', limit: number, of: string): Problem[] =>
    quorum[key] <= limit
      ? []
      : [
          {
            code: 'QuorumDisordered',
            path: ['pulsar', 'quorum', key],
            message: `${key} is larger than ${of}`,
            saw: quorum[key],
            want: `<= ${limit}: ack <= write <= ensemble`,
          },
        ];
  return [...problem('write', quorum.ensemble, 'ensemble'), ...problem('ack', quorum.write, 'write')];
};

export const bookiesHoldAnEnsemble: Rule = ({ pulsar: { bookies, quorum } }) =>
  bookies.replicas >= quorum.ensemble
    ? []
    : [
        {
          code: 'BookiesFewerThanEnsemble',
          path: ['pulsar', 'bookies', 'replicas'],
          message: `a ledger is spread over ${quorum.ensemble} bookies, so that fewer cannot store a message`,
          saw: bookies.replicas,
          want: `>= ${quorum.ensemble}, or a smaller pulsar.quorum.ensemble`,
        },
      ];

export const zookeeperIsOdd: Rule = ({ pulsar: { metadata } }) =>
  metadata.kind === 'zookeeper' && metadata.replicas % 2 === 0
    ? [
        {
          code: 'ZooKeeperEven',
          path: ['pulsar', 'metadata', 'replicas'],
          message: `${metadata.replicas} ZooKeepers bear no more losses than ${metadata.replicas - 1}, with one more server that can fail`,
          saw: metadata.replicas,
          want: 'an odd number: 1, 3, 5 or 7',
        },
      ]
    : [];

export const oxiaIsTakenKnowingly: Rule = ({ pulsar: { metadata } }) => {
  if (metadata.kind !== 'oxia') return [];
  const path = ['pulsar', 'metadata', 'kind'];
  const message = 'the Pulsar chart 4.7.0 has no TLS for Oxia: metadata would cross the network in plain';
  return metadata.plaintext === 'accepted'
    ? [
        {
          code: 'OxiaPlaintext',
          severity: 'warning',
          path,
          message: `${message}, fenced by NetworkPolicy only`,
        },
      ]
    : [
        {
          code: 'OxiaPlaintext',
          path,
          message,
          saw: 'oxia',
          want: 'zookeeper, or plaintext: accepted beside it',
        },
      ];
};

/** Where each part of a shortage is written. */
const PLACES = {
  metadata: ['pulsar', 'metadata', 'replicas'],
  bookies: ['pulsar', 'bookies', 'replicas'],
  quorum: ['pulsar', 'quorum', 'ack'],
  brokers: ['pulsar', 'brokers', 'replicas'],
  proxies: ['pulsar', 'proxies', 'replicas'],
} as const;

export const promisedLossIsSurvived: Rule = config => {
  const { survives } = config.pulsar;
  if (survives === 'nothing') return [];
  const zones = config.nodes.stateful.zones.length;
  // Of a region that is not known no zones are: that is said once.
  if (zones === 0) return [];
  return shortagesAfter(survives, config).map(({ part, left, needed, why }) => ({
    code: 'LossNotSurvived',
    path: PLACES[part],
    message: `pulsar.survives is ${survives}, but after the loss of one ${survives} ${why}: ${Math.max(0, left)} left of ${part}, ${needed} needed`,
    saw: `${zones} zones for the stateful tier`,
    want: `more ${part} or zones, or pulsar.survives: ${survives === 'zone' ? 'node or ' : ''}nothing`,
  }));
};

export const jvmsFitTheirPods: Rule = ({ pulsar }) =>
  (['zookeeper', 'bookies', 'brokers', 'proxies', 'recovery'] as const).flatMap((part): Problem[] => {
    if (part === 'zookeeper' && pulsar.metadata.kind !== 'zookeeper') return [];
    const key = part === 'zookeeper' ? 'metadata' : part;
    const pod = pulsar[key];
    const needed = memoryForPodMiB(part, pod);
    if (needed <= pod.memoryMiB) return [];
    const { heapMiB, directMiB } = jvmOf(part, pod);
    return [
      {
        code: 'JvmExceedsMemory',
        path: ['pulsar', key, 'memoryMiB'],
        message: `heap ${heapMiB} MiB and direct memory ${directMiB} MiB leave ${key} too little for the JVM itself: the kernel would kill the pod`,
        saw: pod.memoryMiB,
        want: `>= ${needed}`,
      },
    ];
  });

const DAY_SECONDS = 86_400;

/** Dead letters and the view of the threads are read by readers, which hold nothing back: retention alone does. */
export const retentionCoversReplay: Rule = ({ pulsar: { retention } }) => {
  const problem = (key: 'time' | 'sizeMiB', want: string): Problem => ({
    code: 'RetentionBelowReplay',
    severity: 'warning',
    path: ['pulsar', 'retention', key],
    message: 'dead letters and the log that threads are built from would be gone before they can be replayed',
    saw: retention[key],
    want,
  });
  return [
    ...(toSeconds(retention.time) < DAY_SECONDS ? [problem('time', '>= 1d')] : []),
    ...(retention.sizeMiB === 0 ? [problem('sizeMiB', '-1, or as many MiB as a day brings')] : []),
  ];
};
