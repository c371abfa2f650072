import 'reflect-metadata';
import { createPrivateKey, generateKeyPair, type KeyObject, webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import * as x509 from '@peculiar/x509';
import type { KeyAlgorithm } from '../platform/plan/index.js';

x509.cryptoProvider.set(webcrypto as Crypto);

export { x509 };

const generate = promisify(generateKeyPair);

/** Web Crypto's names for what a key of this algorithm signs with. */
const SIGNING = {
  'ecdsa-p256': { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  'rsa-2048': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  'rsa-3072': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  'rsa-4096': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const satisfies Record<KeyAlgorithm, object>;

export interface SigningKey {
  readonly pair: CryptoKeyPair;
  readonly algorithm: (typeof SIGNING)[KeyAlgorithm];
  /** PEM, PKCS #8. Secret: goes into a file of mode 0600 and nowhere else. */
  readonly pem: string;
}

/** A fresh private key. */
export async function newKey(algorithm: KeyAlgorithm): Promise<SigningKey> {
  const { privateKey } =
    algorithm === 'ecdsa-p256'
      ? await generate('ec', { namedCurve: 'prime256v1' })
      : await generate('rsa', { modulusLength: Number(algorithm.slice('rsa-'.length)) });
  return signingKey(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
}

/** A private key read from PEM, ready to sign. */
export async function signingKey(pem: string): Promise<SigningKey> {
  const privateKey = createPrivateKey(pem);
  const algorithm = SIGNING[algorithmOf(privateKey)];
  const { subtle } = webcrypto;
  const [privateCryptoKey, publicCryptoKey] = await Promise.all([
    subtle.importKey('pkcs8', privateKey.export({ type: 'pkcs8', format: 'der' }), algorithm, true, ['sign']),
    subtle.importKey('jwk', publicJwk(privateKey), algorithm, true, ['verify']),
  ]);
  return {
    pair: { privateKey: privateCryptoKey, publicKey: publicCryptoKey } as CryptoKeyPair,
    algorithm,
    pem,
  };
}

function algorithmOf(key: KeyObject): KeyAlgorithm {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ec' && details?.namedCurve === 'prime256v1') return 'ecdsa-p256';
  const name = `rsa-${details?.modulusLength}`;
  if (type === 'rsa' && name in SIGNING) return name as KeyAlgorithm;
  throw new TypeError(
    `a key of type ${type} ${details?.namedCurve ?? details?.modulusLength ?? ''} is not supported`,
  );
}

function publicJwk(key: KeyObject): webcrypto.JsonWebKey {
  const { d, p, q, dp, dq, qi, ...rest } = key.export({ format: 'jwk' });
  return rest as webcrypto.JsonWebKey;
}
