import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { decodeJwt, errors, jwtVerify } from 'jose';
import {
  newTokenKey,
  publicKeySet,
  signToken,
  type TokenKey,
  type TokenOptions,
  tokenKeyOf,
} from '../../local/tokens.js';
import type { ClusterPlan } from '../../plan/index.js';

/** Each run of the command renews what is in the last third of its life: a missed renewal does no harm for long. */
const RENEWED_SHARE = 1 / 3;
const DAY_SECONDS = 86_400;

export interface TokenKeys {
  readonly key: TokenKey;
  /** PKCS #8. */
  readonly privatePem: string;
  /** SubjectPublicKeyInfo in DER, as Pulsar reads it, in Base64: a store of secrets takes text. */
  readonly publicDer: string;
}

/** @param kept PEM of the key of last time. @default - a new one */
export async function tokenKeys(kept: string | undefined): Promise<TokenKeys> {
  const key = kept === undefined ? await newTokenKey() : await tokenKeyOf(createPrivateKey(kept), new Date());
  const publicKey = createPublicKey(key.key);
  return {
    key,
    privatePem: key.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicDer: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
}

/** The token of last time, when it is of this role and key and has time left; else a new one. */
export async function renewed(
  role: string,
  kept: string | undefined,
  { key }: TokenKeys,
  days: number,
  issued: Pick<TokenOptions, 'plan'> = {},
): Promise<string> {
  const seconds = days * DAY_SECONDS;
  if (kept !== undefined && (await isGood(kept, role, key.key, seconds * RENEWED_SHARE))) return kept;
  return signToken(role, key, { ...issued, seconds });
}

/** What a token must say of its issuer where the key server vouches for keys; elsewhere nothing. */
export function issuedBy(plan: ClusterPlan): Pick<TokenOptions, 'plan'> {
  return plan.config.pulsar.tokenKeys === 'two' ? { plan } : {};
}

/**
 * The JWK set that is published beside what was: keys of before that are good still, and the one that signs. Whatever
 * else it held is published no more.
 */
export async function keySet(
  kept: string | undefined,
  good: readonly TokenKeys[],
  signs: TokenKeys,
): Promise<string> {
  const before = kept === undefined ? [] : keyIdsOf(kept);
  const stay = good.filter(({ key }) => key.id !== signs.key.id && before.includes(key.id));
  return publicKeySet([...stay, signs].map(({ key }) => key));
}

export function keyIdsOf(set: string): string[] {
  const { keys } = JSON.parse(set) as { readonly keys: readonly { readonly kid: string }[] };
  return keys.map(({ kid }) => kid);
}

async function isGood(token: string, role: string, key: KeyObject, leftSeconds: number): Promise<boolean> {
  try {
    await jwtVerify(token, createPublicKey(key), { subject: role, algorithms: ['RS256'] });
    return (decodeJwt(token).exp ?? 0) - Date.now() / 1000 > leftSeconds;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}
