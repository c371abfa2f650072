import { computed, signal } from '@preact/signals';
import { routes } from '../../api/routes.js';
import type { Credentials, Session, SignedOut, WaysIn } from '../../api/session.js';
import { Refused, send } from './http.js';

/** Who is signed in: undefined until it is known, null for nobody. The tokens are where no script sees them. */
export const session = signal<Session | null | undefined>(undefined);

/** Whether the front door did not answer yet who it is. */
export const isAway = signal(false);

/** Their name; a renewed session does not change it. */
export const me = computed(() => session.value?.user);

/** So long before the access token ends it is renewed; within these limits, since clocks differ. ms */
const EARLY_MS = 60_000;
const RENEW_MS = { least: 30_000, most: 8 * 60_000 };
const AGAIN_MS = 5_000;
let timer: ReturnType<typeof setTimeout> | undefined;
let refreshing: Promise<boolean> | undefined;

function set(value: Session | null): void {
  session.value = value;
  clearTimeout(timer);
  if (value === null) return;
  const left = new Date(value.expiresAt).getTime() - Date.now() - EARLY_MS;
  renewIn(Math.min(Math.max(left, RENEW_MS.least), RENEW_MS.most));
}

/** An answer that got lost is asked for again while the tokens that it was to replace are still good. */
function renewIn(ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void refresh().catch(() => renewIn(AGAIN_MS)), ms);
}

/** Who is it? Asked once, when the page opens. @throws Unreachable */
export async function recall(): Promise<void> {
  try {
    set(await send<Session>(routes.session));
  } catch (error) {
    if (!(error instanceof Refused && error.status === 401)) throw error;
    await refresh();
  }
}

/** Exchanges the tokens; many who ask at once ask once. @returns whether there is a session; @throws Unreachable */
export function refresh(): Promise<boolean> {
  refreshing ??= send<Session>(routes.refresh, { method: 'POST' })
    .then(
      value => {
        set(value);
        return true;
      },
      error => {
        if (!(error instanceof Refused && error.status === 401)) throw error;
        set(null);
        return false;
      },
    )
    .finally(() => {
      refreshing = undefined;
    });
  return refreshing;
}

export async function signIn(body: Credentials): Promise<void> {
  set(await send<Session>(routes.session, { method: 'POST', body }));
}

export async function register(body: Credentials): Promise<void> {
  set(await send<Session>(routes.people, { method: 'POST', body }));
}

export async function signOut(): Promise<void> {
  const further = await send<SignedOut | undefined>(routes.session, { method: 'DELETE' });
  if (further) location.assign(further.provider);
  else set(null);
}

export function waysIn(): Promise<WaysIn> {
  return send<WaysIn>(routes.ways);
}
