/** What an EC2 instance type offers, read from its name. */
export interface InstanceShape {
  readonly architecture: 'arm64' | 'x86_64';
  readonly cpus: number;
  readonly memoryMiB: number;
}

/** GiB for each CPU, by family; sizes of `t` are listed apart. */
const GIB_PER_CPU: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8, i: 8, im: 4, is: 6, x: 16 };

const CPUS: Readonly<Record<string, number>> = { medium: 1, large: 2, xlarge: 4 };

const BURSTABLE: Readonly<Record<string, readonly [cpus: number, gib: number]>> = {
  nano: [2, 0.5],
  micro: [2, 1],
  small: [2, 2],
  medium: [2, 4],
  large: [2, 8],
  xlarge: [4, 16],
  '2xlarge': [8, 32],
};

/**
 * `m7g.large` → arm64, 2 CPUs, 8 GiB. Undefined for families that the kit does not know, such as GPUs and metal.
 * Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function instanceShape(type: string): InstanceShape | undefined {
  const match = /^([a-z]+)(\d+)([a-z]*)(?:-[a-z0-9]+)?\.(.+)$/.exec(type);
  if (match === null) return undefined;
  const [, family = '', , options = '', size = ''] = match;
  const architecture = options.includes('g') ? 'arm64' : 'x86_64';
  if (family === 't') {
    const burstable = BURSTABLE[size];
    return burstable && { architecture, cpus: burstable[0], memoryMiB: burstable[1] * 1024 };
  }
  const gibPerCpu = GIB_PER_CPU[family];
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  const cpus = times === undefined ? CPUS[size] : Number(times) * 4;
  if (gibPerCpu === undefined || cpus === undefined) return undefined;
  return { architecture, cpus, memoryMiB: cpus * gibPerCpu * 1024 };
}

/**
 * What Karpenter may choose from. The sizes leave room for a broker beside what runs on every node, and keep the loss of
 * one node small.
 */
export const KARPENTER_INSTANCES = { families: ['c', 'm', 'r'], cpus: [2, 4, 8, 16] } as const;

/** The roomiest of them: as many CPUs as any, and more memory. */
export const LARGEST_OF_KARPENTER = {
  cpus: Math.max(...KARPENTER_INSTANCES.cpus),
  memoryMiB: Math.max(...KARPENTER_INSTANCES.cpus) * gibPerCpuOf(KARPENTER_INSTANCES.families) * 1024,
};

function gibPerCpuOf(families: readonly string[]): number {
  return Math.max(...families.map(family => GIB_PER_CPU[family] ?? 0));
}

/**
 * What is left for pods once kubelet, the system and the agents of every node (network, volumes, identity, metrics)
 * have their share. Source: EKS' own reservation, 255 MiB and 11 MiB a pod, 100 MiB to evict; agents as requested.
 */
export function allocatable({ cpus, memoryMiB }: Pick<InstanceShape, 'cpus' | 'memoryMiB'>): {
  cpu: number;
  memoryMiB: number;
} {
  const pods = Math.min(110, cpus <= 2 ? 29 : 58);
  return {
    cpu: cpus - 0.07 - 0.25,
    memoryMiB: Math.floor(memoryMiB * 0.97) - (255 + 11 * pods) - 100 - 300,
  };
}
