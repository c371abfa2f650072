const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** `90s`, `15m`, `36h`, `7d` → seconds. The schema has checked the form. */
export function toSeconds(duration: string): number {
  const unit = duration.at(-1) as keyof typeof SECONDS;
  return Number(duration.slice(0, -1)) * SECONDS[unit];
}

/** Seconds → the shortest exact duration: 7200 → `2h`. */
export function toDuration(seconds: number): string {
  const unit = (['d', 'h', 'm'] as const).find(candidate => seconds % SECONDS[candidate] === 0) ?? 's';
  return `${seconds / SECONDS[unit]}${unit}`;
}
