/** How often a process says who is here, and how long that counts, ms. */
export const PRESENCE_EVERY_MS = 15_000;
const PRESENCE_LASTS_MS = 40_000;

/** Who has a live page anywhere, as the web processes tell each other. */
export interface Presence {
  isOnline(user: string): boolean;
  /** @returns those who came or went by it */
  heard(process: string, users: readonly string[], now: number): ReadonlyMap<string, boolean>;
  /** Forgets processes that have died. @returns those who went by it */
  expire(now: number): ReadonlyMap<string, boolean>;
}

export function presenceOf(): Presence {
  const processes = new Map<string, { readonly users: ReadonlySet<string>; readonly until: number }>();
  const isOnline = (user: string) => [...processes.values()].some(({ users }) => users.has(user));
  const changing = (candidates: Iterable<string>, change: () => void) => {
    const before = new Map([...candidates].map(user => [user, isOnline(user)]));
    change();
    return new Map(
      [...before].flatMap(([user, was]) => (isOnline(user) === was ? [] : [[user, !was] as const])),
    );
  };
  return {
    isOnline,
    heard: (process, users, now) =>
      changing([...users, ...(processes.get(process)?.users ?? [])], () => {
        if (users.length === 0) processes.delete(process);
        else processes.set(process, { users: new Set(users), until: now + PRESENCE_LASTS_MS });
      }),
    expire: now => {
      const dead = [...processes].filter(([, { until }]) => until < now);
      return changing(
        dead.flatMap(([, { users }]) => [...users]),
        () => {
          for (const [process] of dead) processes.delete(process);
        },
      );
    },
  };
}
