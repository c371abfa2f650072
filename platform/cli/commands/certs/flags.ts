import { InvalidArgumentError } from 'commander';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `90s`, `15m`, `36h` or `14d` → seconds. */
export function seconds(text: string): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (unit === undefined) throw new InvalidArgumentError('wanted a duration such as 90s, 15m, 36h or 14d');
  return Number(count) * (SECONDS[unit] ?? 1);
}
