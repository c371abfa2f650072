import type { Plan } from './types.js';

/** Who vouches for tokens: the key server, by its URL. */
export function tokenIssuer({ endpoints }: Pick<Plan, 'endpoints'>): string {
  const keys = endpoints.find(({ id }) => id === 'keys/https');
  if (keys === undefined) throw new RangeError('a plan without a key server');
  return `https://${keys.hostnames[0]}:${keys.port}`;
}
