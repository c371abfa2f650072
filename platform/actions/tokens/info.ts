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
