import { asValue, refusedValue } from './as-value.js';
import { liftBalancer } from './balancer.js';
import type { Lifted } from './lifted.js';

/** Components as the values call them → sections of platform.yaml. */
const SECTIONS: Readonly<Record<string, string>> = {
  zookeeper: 'metadata',
  bookkeeper: 'bookies',
  broker: 'brokers',
  proxy: 'proxies',
  autorecovery: 'recovery',
};

const QUORUM: Readonly<Record<string, string>> = {
  managedLedgerDefaultEnsembleSize: 'ensemble',
  managedLedgerDefaultWriteQuorum: 'write',
  managedLedgerDefaultAckQuorum: 'ack',
};

const DISKS: Readonly<Record<string, string>> = {
  'zookeeper.volumes.data.size': 'pulsar.metadata.diskGiB',
  'oxia.server.storageSize': 'pulsar.metadata.diskGiB',
  'bookkeeper.volumes.journal.size': 'pulsar.bookies.journalGiB',
  'bookkeeper.volumes.ledgers.size': 'pulsar.bookies.ledgersGiB',
};

/** Numbers that are settings as they are. */
const NUMBERS: Readonly<Record<string, string>> = {
  'oxia.server.replicas': 'pulsar.metadata.replicas',
  'oxia.initialShardCount': 'pulsar.metadata.shards',
};

/** Values whose effect the kit brings by itself, and better. */
const ALWAYS: readonly (readonly [path: RegExp, why: string])[] = [
  [/^tls\./, 'TLS is on everywhere, with certificates of tls.issuer'],
  [/^certs\./, 'the issuer is tls.issuer'],
  [/^auth\./, 'authentication and authorization are on; clients are pulsar.roles'],
  [/^components\.(zookeeper|bookkeeper|autorecovery|broker|proxy|toolset)$/, 'they always run'],
  [/^(initialize|useReleaseStatus|namespaceCreate)$/, 'apply knows what is there'],
  [/^(volumes|persistence)\b|\.volumes\.persistence$/, 'disks are always kept'],
  [
    /\.(affinity|topologySpreadConstraints|pdb|podMonitor|updateStrategy|podManagementPolicy)\b/,
    'follows from pulsar.survives and the sizes',
  ],
  [/\.(nodeSelector|tolerations|priorityClassName|statefulsetUpgrade)\b/, 'the kit places its own tiers'],
  [/\.storageClass(Name)?\b|\.local_storage$/, 'encrypted gp3 classes are made'],
  [/^victoria-metrics-k8s-stack\b/, 'monitoring is observability'],
  [/\.resources\.limits\./, 'the limit is the request'],
];

/** What the rest of the file says. */
export interface Around {
  /** Whether the proxy has a load balancer, by the whole file. */
  readonly balanced: boolean;
  /** Whether an annotation says if it has public addresses. */
  readonly scheme: boolean;
}

/** One value of the chart → where platform.yaml says it, or why it does not. Pure. */
export function liftOne(path: readonly string[], value: unknown, { balanced, scheme }: Around): Lifted {
  const dotted = path.join('.');
  const [component = '', ...rest] = path;
  const section = SECTIONS[component];
  const disk = DISKS[dotted];
  if (disk !== undefined) return sized(disk, gibibytes(value), value);
  const counted = NUMBERS[dotted];
  if (counted !== undefined) return countedAs(counted, value);
  if (section !== undefined && rest.join('.') === 'replicaCount') {
    return countedAs(`pulsar.${section}.replicas`, value);
  }
  if (section !== undefined && rest.join('.') === 'resources.requests.memory') {
    return sized(`pulsar.${section}.memoryMiB`, mebibytes(value), value);
  }
  if (section !== undefined && rest.join('.') === 'resources.requests.cpu') {
    return sized(`pulsar.${section}.cpu`, cpus(value), value);
  }
  if (section !== undefined && rest[0] === 'configData') return configData(section, path, value);
  if (dotted === 'components.oxia') {
    return value === true
      ? settings(['pulsar.metadata.kind', 'oxia'])
      : { kind: 'always', why: 'ZooKeeper is the default' };
  }
  if (dotted === 'broker.storageOffload.driver') {
    return value === 'aws-s3'
      ? settings(['pulsar.tieredStorage.kind', 's3'])
      : { kind: 'not', why: 'tiered storage goes to S3 (pulsar.tieredStorage)' };
  }
  if (dotted === 'broker.storageOffload.managedLedgerOffloadAutoTriggerSizeThresholdBytes') {
    const mib = mebibytes(value);
    return mib === undefined
      ? { kind: 'not', why: `${JSON.stringify(value)} is no number of bytes` }
      : settings(['pulsar.tieredStorage.kind', 's3'], ['pulsar.tieredStorage.thresholdMiB', mib]);
  }
  if (dotted.startsWith('broker.storageOffload.'))
    return { kind: 'always', why: 'the bucket is made, with Pod Identity' };
  if (dotted === 'proxy.service.type') return entrance(value, scheme);
  const balancer = ofBalancer(path, value);
  if (balancer?.kind === 'settings' && !balanced) {
    return { kind: 'not', why: 'the proxy has no load balancer (proxy.service.type)' };
  }
  if (balancer !== undefined) return balancer;
  if (dotted === 'namespace') {
    return value === 'pulsar'
      ? { kind: 'always', why: 'Pulsar runs in the namespace pulsar' }
      : { kind: 'not', why: 'Pulsar runs in the namespace pulsar; moving it means new disks' };
  }
  if (dotted === 'components.zookeeper' && value === false)
    return { kind: 'always', why: 'it is ZooKeeper or Oxia (pulsar.metadata.kind)' };
  const always = ALWAYS.find(([pattern]) => pattern.test(dotted));
  if (always !== undefined) return { kind: 'always', why: always[1] };
  if (/^(images\.|defaultPulsarImage|clusterName$)/.test(dotted)) {
    return value === null || value === ''
      ? { kind: 'always', why: 'it is empty: the default holds' }
      : asValue(path, value);
  }
  const refused = refusedValue(path, value);
  return (
    refused ?? { kind: 'not', why: 'no setting of its own; say it under pulsar.values if it is still needed' }
  );
}

function entrance(type: unknown, saysScheme: boolean): Lifted {
  if (type === 'LoadBalancer') {
    const note =
      'no annotation says its scheme: it is internal now, with addresses of the VPC; otherwise set entrances.pulsar.scheme: internet-facing';
    return {
      kind: 'settings',
      settings: [['entrances.pulsar.kind', 'nlb']],
      ...(!saysScheme && { note }),
    };
  }
  const note = `no ${type} is made: who dials from outside the cluster needs entrances.pulsar.kind: nlb`;
  return {
    kind: 'settings',
    settings: [['entrances.pulsar.kind', 'none']],
    ...(type !== 'ClusterIP' && { note }),
  };
}

function ofBalancer(
  [component, section, key, annotation]: readonly string[],
  value: unknown,
): Lifted | undefined {
  if (component !== 'proxy' || section !== 'service') return undefined;
  if (key === 'loadBalancerSourceRanges') return settings(['entrances.pulsar.allow', value]);
  return key === 'annotations' && annotation !== undefined ? liftBalancer(annotation, value) : undefined;
}

function configData(section: string, path: readonly string[], value: unknown): Lifted {
  const key = path.at(-1) ?? '';
  const text = String(value);
  const quorum = QUORUM[key];
  if (quorum !== undefined) return countedAs(`pulsar.quorum.${quorum}`, text);
  if (key === 'PULSAR_MEM' || key === 'BOOKIE_MEM') return memory(section, text);
  if (key === 'PULSAR_GC') return { kind: 'always', why: 'the collector of the chart stays' };
  if (
    /tls|hostname|bookieAuth|authorizedRoles|brokerServicePort|servicePort|sslQuorum|clientPort/i.test(key)
  ) {
    return { kind: 'always', why: 'the kit closes these holes itself' };
  }
  if (key === 'webSocketServiceEnabled') {
    return settings([
      'pulsar.websocket',
      text === 'true' ? (section === 'brokers' ? 'broker' : 'proxy') : 'off',
    ]);
  }
  // Nothing takes a default of the chart away.
  return asValue(path, value === null ? null : text);
}

/** `-Xmx1g -XX:MaxDirectMemorySize=2g` → heap and direct memory. */
function memory(section: string, flags: string): Lifted {
  const of = (pattern: RegExp) => {
    const [, number, unit = 'm'] = pattern.exec(flags) ?? [];
    return number === undefined ? undefined : mebibytes(`${number}${unit.toUpperCase()}i`);
  };
  const heap = of(/-Xmx(\d+)([kmg])/i);
  const direct = of(/-XX:MaxDirectMemorySize=(\d+)([kmg])/i);
  const found = [
    ...(heap === undefined ? [] : [[`pulsar.${section}.heapMiB`, heap] as const]),
    ...(direct === undefined || section === 'metadata'
      ? []
      : [[`pulsar.${section}.directMiB`, direct] as const]),
  ];
  return found.length > 0
    ? settings(...found)
    : { kind: 'not', why: 'neither -Xmx nor -XX:MaxDirectMemorySize is in it' };
}

function settings(...list: readonly (readonly [string, unknown])[]): Lifted {
  return { kind: 'settings', settings: list };
}

function countedAs(path: string, value: unknown): Lifted {
  return /^[1-9]\d*$/.test(String(value))
    ? settings([path, Number(value)])
    : { kind: 'not', why: `${JSON.stringify(value)} is no whole number from 1` };
}

function sized(path: string, number: number | undefined, value: unknown): Lifted {
  return number === undefined
    ? { kind: 'not', why: `${JSON.stringify(value)} is no quantity` }
    : settings([path, number]);
}

const MEBIBYTES: Readonly<Record<string, number>> = {
  '': 1 / 1_048_576,
  KI: 1 / 1024,
  MI: 1,
  GI: 1024,
  TI: 1_048_576,
  M: 0.954,
  G: 954,
  T: 953_674,
};

function mebibytes(value: unknown): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-zA-Z]*)$/.exec(String(value)) ?? [];
  const factor = MEBIBYTES[unit.toUpperCase()];
  return number === undefined || factor === undefined ? undefined : Math.round(Number(number) * factor);
}

function gibibytes(value: unknown): number | undefined {
  const mib = mebibytes(value);
  return mib === undefined ? undefined : Math.max(1, Math.ceil(mib / 1024));
}

/** `500m` → 0.5. */
function cpus(value: unknown): number | undefined {
  const [, number, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(String(value)) ?? [];
  return number === undefined ? undefined : Number(number) / (milli === 'm' ? 1000 : 1);
}
