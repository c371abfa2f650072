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

export interface Jvm {
  readonly heapMiB: number;
  readonly directMiB: number;
}

/** The memory of a pod, and what is written of its JVM. */
export interface JvmPod {
  readonly memoryMiB: number;
  readonly heapMiB?: number | undefined;
  readonly directMiB?: number | undefined;
}

/** Heap and direct memory of one part: as written, or its share. */
export function jvmOf(part: JvmPart, pod: JvmPod): Jvm {
  const { heap, direct } = SHARES[part];
  return {
    heapMiB: pod.heapMiB ?? Math.floor(pod.memoryMiB * heap),
    directMiB: pod.directMiB ?? Math.floor(pod.memoryMiB * direct),
  };
}

/** What a JVM takes besides heap and direct memory: at least so many MiB, and this share of its pod. */
const OVERHEAD = { leastMiB: 192, share: 0.1 };

/** The least memory of a pod that holds a JVM with these flags, MiB. */
export function memoryForFlagsMiB({ heapMiB, directMiB }: Jvm): number {
  return leastMemoryMiB(heapMiB + directMiB, 0);
}

/** The least memory of a pod that holds what is written of its JVM, and the shares of what is not, MiB. */
export function memoryForPodMiB(part: JvmPart, { heapMiB, directMiB }: JvmPod): number {
  const { heap, direct } = SHARES[part];
  const shares = (heapMiB === undefined ? heap : 0) + (directMiB === undefined ? direct : 0);
  return leastMemoryMiB((heapMiB ?? 0) + (directMiB ?? 0), shares);
}

function leastMemoryMiB(fixedMiB: number, shares: number): number {
  const { leastMiB, share } = OVERHEAD;
  return Math.ceil(Math.max(fixedMiB / (1 - shares - share), (fixedMiB + leastMiB) / (1 - shares)));
}
