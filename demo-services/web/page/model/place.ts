import { computed, signal } from '@preact/signals';
import { REFUSED } from '../../api/routes.js';
import { hashOf, type Route, routeOf } from '../state/route.js';

/** What is open, as the address says. */
export const place = signal<Route>(routeOf(location.hash));
/** Id of the open thread. */
export const here = computed(() => place.value.thread);

/** Code of why the provider let nobody in. Told once: who loads the page again, tries again. */
export const refusal = signal(takeRefusal());

function takeRefusal(): string | undefined {
  const code = new URLSearchParams(location.search).get(REFUSED);
  if (code === null) return undefined;
  history.replaceState(null, '', `${location.pathname}${location.hash}`);
  return code;
}

addEventListener('hashchange', () => {
  place.value = routeOf(location.hash);
});

export function go(to: Route): void {
  location.hash = hashOf(to);
}

/** As `go`, but the way back does not lead here. */
export function goInstead(to: Route): void {
  history.replaceState(null, '', hashOf(to));
  place.value = to;
}
