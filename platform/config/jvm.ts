/** Parts of the platform that run on a Java virtual machine. */
export type JvmPart = 'zookeeper' | 'bookies' | 'brokers' | 'proxies' | 'recovery';

/**
 * Shares of a pod's memory. The rest is for the JVM itself (metaspace, threads, code) and, in bookies, RocksDB and
 * the page cache. Direct memory holds Netty's buffers, the broker's cache and the bookie's write and read caches.
 */
const SHARES: Readonly<Record<JvmPart, { heap: number; direct: number }>> = {
  zookeeper: { heap: 0.5, direct: 0.1 },
  bookies: { heap: 0.25, direct: 0.4 },
  brokers: { heap: 0.35, direct: 0.4 },
  proxies: { heap: 0.3, direct: 0.35 },
  recovery: { heap: 0.35, direct: 0.25 },
};

/** What a JVM takes besides heap and direct memory: at least 192 MiB, and a tenth of its pod. */
export function jvmOverheadMiB(memoryMiB: number): number {
  return Math.max(192, Math.ceil(memoryMiB / 10));
}

export interface Jvm {
  readonly heapMiB: number;
  readonly directMiB: number;
}

/** Heap and direct memory of one part: as written, or its share. */
export function jvmOf(
  part: JvmPart,
  pod: {
    readonly memoryMiB: number;
    readonly heapMiB?: number | undefined;
    readonly directMiB?: number | undefined;
  },
): Jvm {
  const { heap, direct } = SHARES[part];
  return {
    heapMiB: pod.heapMiB ?? Math.floor(pod.memoryMiB * heap),
    directMiB: pod.directMiB ?? Math.floor(pod.memoryMiB * direct),
  };
}
