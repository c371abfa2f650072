const GIB = 1024;

/**
 * MiB that a Fargate task of so many vCPUs may have; undefined for a number of vCPUs that Fargate does not offer.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
export function fargateMemory(cpu: number): number[] | undefined {
  switch (cpu) {
    case 0.25:
      return [512, GIB, 2 * GIB];
    case 0.5:
      return steps(1, 4);
    case 1:
      return steps(2, 8);
    case 2:
      return steps(4, 16);
    case 4:
      return steps(8, 30);
    case 8:
      return steps(16, 60, 4);
    case 16:
      return steps(32, 120, 8);
    default:
      return undefined;
  }
}

/** MiB from so many GiB to so many. */
function steps(from: number, to: number, by = 1): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => (from + index * by) * GIB);
}
