import { decodeJwt, decodeProtectedHeader } from 'jose';
import { PlatformError } from '../../errors.js';
import type { Plan } from '../../plan/index.js';

const DAY_MS = 86_400_000;

export interface TokenInfo {
  readonly role: string;
  readonly key: string;
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly daysLeft: number;
}

/**
 * What a token says of itself; nothing is verified.
 *
 * @param unnamedKey key of tokens from before there were several, which name none
 */
export function tokenInfoOf(role: string, token: string, unnamedKey: string): TokenInfo {
  const { iat = 0, exp = 0 } = decodeJwt(token);
  return {
    role,
    key: keyOf(token) ?? unnamedKey,
    issuedAt: new Date(iat * 1000).toISOString(),
    expiresAt: new Date(exp * 1000).toISOString(),
    daysLeft: Math.floor((exp * 1000 - Date.now()) / DAY_MS),
  };
}

/** The key that a token names. */
export function keyOf(token: string): string | undefined {
  return decodeProtectedHeader(token).kid;
}

/** @throws RoleUnknown */
export function assertRole({ roles }: Pick<Plan, 'roles'>, role: string): void {
  const known = roles.map(({ name }) => name);
  if (known.includes(role)) return;
  throw new PlatformError('RoleUnknown', `the plan has no role ${JSON.stringify(role)}`, {
    saw: role,
    want: known.join(', '),
    refused: true,
  });
}

/**
 * The key that is meant, by as much of its id as no other has.
 *
 * @throws KeyUnknown
 */
export function keyNamed<Key extends { readonly id: string }>(id: string, known: readonly Key[]): Key {
  const found = id === '' ? [] : known.filter(key => key.id.startsWith(id));
  const [key] = found;
  if (key !== undefined && found.length === 1) return key;
  const several = found.length > 1;
  const begin = JSON.stringify(id);
  throw new PlatformError(
    'KeyUnknown',
    several ? `${found.length} keys have ids that begin with ${begin}` : `no key is called ${begin}`,
    {
      saw: id,
      want: (several ? found : known).map(it => it.id).join(', '),
      ...(several && { fix: 'give more of the id of the one that is meant' }),
      refused: true,
    },
  );
}
