import { type Config, type JvmPart, jvmOf } from '../../config/index.js';
import { KEY_SERVER } from './names.js';
import type { Size, StorageClass, Tier } from './types.js';

/** Storage classes by use: a bookie's journal is written and flushed at once, its ledgers in the background. */
export const STORAGE_CLASSES = {
  general: 'platform-general',
  journal: 'platform-journal',
  ledgers: 'platform-ledgers',
} as const;

export function storageClassesOf({ pulsar: { bookies } }: Config): StorageClass[] {
  const { iops, throughputMiB } = bookies;
  return [
    { name: STORAGE_CLASSES.general, iops: 3000, throughputMiB: 125 },
    { name: STORAGE_CLASSES.journal, iops, throughputMiB },
    { name: STORAGE_CLASSES.ledgers, iops, throughputMiB },
  ];
}

/** Sizes of everything that the platform itself brings. */
export function sizesOf(config: Config): Size[] {
  return [...pulsarSizes(config), ...keySizes(config), ...serviceSizes(config), ...monitoringSizes(config)];
}

function pulsarSizes(config: Config): Size[] {
  const { metadata, bookies, brokers, proxies, recovery, quorum } = config.pulsar;
  const directOf = (part: JvmPart, pod: Parameters<typeof jvmOf>[1]) => jvmOf(part, pod).directMiB;
  const broker = directOf('brokers', brokers);
  const bookie = directOf('bookies', bookies);
  return [
    {
      ...sized(metadata.kind === 'zookeeper' ? 'zookeeper' : 'oxia', 'stateful', metadata),
      ...(metadata.kind === 'zookeeper' && { jvm: jvmOf('zookeeper', metadata) }),
      volumes: [{ name: 'data', sizeGiB: metadata.diskGiB, storageClass: STORAGE_CLASSES.general }],
      ...budget(metadata.replicas, Math.ceil(metadata.replicas / 2) - 1),
      zoneSpread: 'must',
      apart: true,
    },
    {
      ...sized('bookie', 'stateful', bookies),
      jvm: jvmOf('bookies', bookies),
      caches: { write: Math.floor(bookie / 4), read: Math.floor(bookie / 4) },
      volumes: [
        { name: 'journal', sizeGiB: bookies.journalGiB, storageClass: STORAGE_CLASSES.journal },
        { name: 'ledgers', sizeGiB: bookies.ledgersGiB, storageClass: STORAGE_CLASSES.ledgers },
      ],
      // Two bookies away at once could be two copies of one message.
      ...budget(bookies.replicas, quorum.write > 1 ? 1 : 0),
      zoneSpread: 'must',
      apart: true,
    },
    {
      ...sized('recovery', 'stateless', recovery),
      jvm: jvmOf('recovery', recovery),
      zoneSpread: 'should',
      apart: true,
    },
    {
      ...sized('broker', 'stateless', brokers),
      jvm: jvmOf('brokers', brokers),
      caches: { managedLedger: Math.floor(broker / 5) },
      ...budget(brokers.replicas, Math.max(1, Math.floor(brokers.replicas / 3))),
      zoneSpread: 'should',
      apart: true,
    },
    {
      ...sized('proxy', 'stateless', proxies),
      jvm: jvmOf('proxies', proxies),
      ...budget(proxies.replicas, Math.max(1, Math.floor(proxies.replicas / 3))),
      zoneSpread: 'should',
      apart: true,
    },
    {
      ...sized('toolset', 'stateless', { replicas: 1, cpu: 0.1, memoryMiB: 512 }),
      zoneSpread: 'none',
      apart: false,
    },
  ];
}

function keySizes({ pulsar }: Config): Size[] {
  if (pulsar.tokenKeys === 'one') return [];
  const replicas = 2;
  return [
    {
      ...sized(KEY_SERVER, 'stateless', { replicas, cpu: 0.05, memoryMiB: 128 }),
      ...budget(replicas, 1),
      zoneSpread: 'should',
      apart: false,
    },
  ];
}

function serviceSizes({ services, web }: Config): Size[] {
  const { transcriber, images, thread, database } = services;
  const alone = database.kind === 'sqlite';
  const disk = alone
    ? [{ name: 'data', sizeGiB: database.diskGiB, storageClass: STORAGE_CLASSES.general }]
    : [];
  const one = { kind: 'fixed', replicas: 1 } as const;
  return [
    service('transcriber', transcriber),
    service('images', images),
    { ...service('thread', alone ? { ...thread, scaling: one } : thread), volumes: disk },
    ...(web.runOn === 'eks'
      ? [{ ...service('web', alone ? { ...web, scaling: one } : web), volumes: disk }]
      : []),
  ];
}

function monitoringSizes({ observability }: Config): Size[] {
  if (observability.kind === 'none') return [];
  return [
    {
      ...sized('prometheus', 'stateless', { ...observability, replicas: 1 }),
      volumes: [{ name: 'data', sizeGiB: observability.diskGiB, storageClass: STORAGE_CLASSES.general }],
      zoneSpread: 'none',
      apart: false,
    },
  ];
}

interface Asked {
  readonly replicas: number;
  readonly cpu: number;
  readonly memoryMiB: number;
}

function sized(workload: string, tier: Tier, { replicas, cpu, memoryMiB }: Asked) {
  return { workload, tier, replicas: { min: replicas, max: replicas }, cpu, memoryMiB, volumes: [] };
}

type Service = Config['services']['transcriber'] | Config['services']['thread'] | Config['web'];

function service(
  workload: string,
  { scaling, cpu, memoryMiB }: Pick<Service, 'scaling' | 'cpu' | 'memoryMiB'>,
): Size {
  const replicas =
    scaling.kind === 'fixed'
      ? { min: scaling.replicas, max: scaling.replicas }
      : { min: scaling.min, max: scaling.max };
  return {
    workload,
    tier: 'stateless',
    replicas,
    cpu,
    memoryMiB,
    volumes: [],
    ...budget(replicas.min, Math.max(1, Math.floor(replicas.min / 3))),
    zoneSpread: 'should',
    apart: false,
  };
}

/** A budget, where it can be kept: one that allows nothing would block every drain for ever. */
function budget(replicas: number, maxUnavailable: number): { maxUnavailable?: number } {
  return replicas > 1 && maxUnavailable > 0 ? { maxUnavailable } : {};
}
