// Times, days and names as people say them. Without a clock of its own: `now` is given.

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' });
const short = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

export function clock(instant: string): string {
  return time.format(new Date(instant));
}

export function dayOf(instant: string, now: Date): string {
  const then = new Date(instant);
  const days = daysBetween(then, now);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return then.getFullYear() === now.getFullYear() ? day.format(then) : date.format(then);
}

/** For lists: the time of today, the day of everything else. */
export function when(instant: string, now: Date): string {
  const then = new Date(instant);
  return daysBetween(then, now) === 0 ? time.format(then) : short.format(then);
}

/** 65.2 → 1:05 */
export function lasting(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** ada → "ada", ada and bob → "ada and bob", more → "ada, bob and cleo" */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** Why a sign-in at the provider led back to the door. */
export function refusalOf(code: string): string {
  switch (code) {
    case 'OidcRefused':
      return 'The sign-in was refused, or took too long. Try it again.';
    case 'OidcUnavailable':
      return 'The sign-in cannot be reached at the moment. Try it again in a minute.';
    case 'TooManyRequests':
      return 'Too many sign in at once. Try it again in a minute.';
    default:
      return 'The sign-in did not succeed. Try it again.';
  }
}

function daysBetween(then: Date, now: Date): number {
  const midnight = (of: Date) => new Date(of.getFullYear(), of.getMonth(), of.getDate()).getTime();
  return Math.round((midnight(now) - midnight(then)) / 86_400_000);
}
