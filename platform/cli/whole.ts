import { InvalidArgumentError } from 'commander';

/** Enough for any count of things, lines or days. */
const MOST = 9_999_999;

/** A flag's whole number, from 1 on. */
export function whole(text: string): number {
  return wholeUpTo(MOST)(text);
}

/** The same with a limit of its own. */
export function wholeUpTo(most: number): (text: string) => number {
  return text => {
    const number = Number(text);
    if (/^\d{1,7}$/.test(text) && number > 0 && number <= most) return number;
    throw new InvalidArgumentError(
      most === MOST ? 'wanted a whole number above 0' : `wanted a whole number from 1 to ${most}`,
    );
  };
}
