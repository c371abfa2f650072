import { createPublicKey } from 'node:crypto';
import type { SecretStore } from '../../edges/secret-store.js';
import { PlatformError } from '../../errors.js';
import { publicKeyId } from '../../local/tokens.js';
import type { ClusterPlan } from '../../plan/index.js';
import { tokenSecretsOf } from '../secrets/token-secrets.js';
import { keyIdsOf, type TokenKeys, tokenKeys } from '../secrets/tokens.js';

/** The keys of tokens in the store of a cluster. */
export interface StoredKeys {
  readonly signing: TokenKeys;
  /** Id of the one that brokers and proxies know when they start: another one while two are good, or one is going. */
  readonly base: string;
  /** Ids of those that the key server publishes; none where there is no such server. */
  readonly published: readonly string[];
}

/** @throws TokenKeyMissing */
export async function storedKeys(plan: ClusterPlan, store: SecretStore): Promise<StoredKeys> {
  const { privateKey, publicKey, overlap } = tokenSecretsOf(plan);
  const pem = await store.read(privateKey.storeName);
  if (pem === undefined) {
    throw new PlatformError('TokenKeyMissing', 'there is no key that signs tokens', {
      where: privateKey.storeName,
      refused: true,
    });
  }
  const signing = await tokenKeys(pem);
  const der = await store.read(publicKey.storeName);
  const set = overlap && (await store.read(overlap.set.storeName));
  return {
    signing,
    base: der === undefined ? signing.key.id : await idOf(der),
    published: set === undefined ? [] : keyIdsOf(set),
  };
}

/** The key whose revocation has taken it out of the published set and has not ended; brokers still start with it. */
export function goingKey({ signing, base, published }: StoredKeys): string | undefined {
  return base === signing.key.id || published.includes(base) ? undefined : base;
}

/** Id of the key with this public half. */
async function idOf(publicDer: string): Promise<string> {
  const key = createPublicKey({ key: Buffer.from(publicDer, 'base64'), format: 'der', type: 'spki' });
  return publicKeyId(key);
}
