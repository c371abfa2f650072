import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { decodeJwt, errors, jwtVerify } from 'jose';
import { newTokenKey, signToken, type TokenKey, tokenKeyOf } from '../../local/tokens.js';

/** A token outlives a missed renewal by months: each run of the command renews what is in its last third. */
const LIFE_SECONDS = 365 * 86_400;
const RENEW_BELOW_SECONDS = LIFE_SECONDS / 3;

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
  const publicKey = publicHalf(key.key);
  return {
    key,
    privatePem: key.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicDer: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
}

/** The token of last time, when it is of this role and key and has time left; else a new one. */
export async function renewed(role: string, kept: string | undefined, { key }: TokenKeys): Promise<string> {
  if (kept !== undefined && (await isGood(kept, role, key.key))) return kept;
  return signToken(role, key, { seconds: LIFE_SECONDS });
}

async function isGood(token: string, role: string, key: KeyObject): Promise<boolean> {
  try {
    await jwtVerify(token, publicHalf(key), { subject: role, algorithms: ['RS256'] });
    return (decodeJwt(token).exp ?? 0) - Date.now() / 1000 > RENEW_BELOW_SECONDS;
  } catch (error) {
    if (error instanceof errors.JOSEError) return false;
    throw error;
  }
}

function publicHalf(key: KeyObject): KeyObject {
  return createPublicKey(key.export({ type: 'pkcs8', format: 'pem' }));
}
