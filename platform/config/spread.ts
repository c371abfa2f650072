/** How many of `replicas` stand in each of `zones` zones when none may hold two more than another. */
export function spread(replicas: number, zones: number): number[] {
  return Array.from({ length: zones }, (_, zone) => Math.floor((replicas + zones - 1 - zone) / zones));
}
