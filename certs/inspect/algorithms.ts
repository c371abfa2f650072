import { createPublicKey, type KeyObject } from 'node:crypto';
import type { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import { x509 } from '../crypto.js';

const CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'p256',
  secp384r1: 'p384',
  secp521r1: 'p521',
};

const SIGNATURES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.2': 'rsa-md2',
  '1.2.840.113549.1.1.4': 'rsa-md5',
  '1.2.840.113549.1.1.5': 'rsa-sha1',
  '1.2.840.113549.1.1.11': 'rsa-sha256',
  '1.2.840.113549.1.1.12': 'rsa-sha384',
  '1.2.840.113549.1.1.13': 'rsa-sha512',
  '1.2.840.113549.1.1.14': 'rsa-sha224',
  '1.2.840.10045.4.1': 'ecdsa-sha1',
  '1.2.840.10045.4.3.1': 'ecdsa-sha224',
  '1.2.840.10045.4.3.2': 'ecdsa-sha256',
  '1.2.840.10045.4.3.3': 'ecdsa-sha384',
  '1.2.840.10045.4.3.4': 'ecdsa-sha512',
  '1.2.840.10040.4.3': 'dsa-sha1',
  '1.3.101.112': 'ed25519',
  '1.3.101.113': 'ed448',
};
const RSA_PSS = '1.2.840.113549.1.1.10';

/** Algorithm and size of a key, in the words of platform.yaml where it has one: `ecdsa-p256`, `rsa-2048`. */
export function algorithmOfKey({
  asymmetricKeyType: type,
  asymmetricKeyDetails: details,
}: KeyObject): string {
  if (type === 'ec') return `ecdsa-${CURVES[details?.namedCurve ?? ''] ?? details?.namedCurve ?? 'unknown'}`;
  if (details?.modulusLength !== undefined) return `${type}-${details.modulusLength}`;
  return type ?? 'unknown';
}

export function signatureAlgorithm(identifier: AlgorithmIdentifier): string {
  if (identifier.algorithm !== RSA_PSS) return SIGNATURES[identifier.algorithm] ?? identifier.algorithm;
  const { hash } = new x509.AlgorithmProvider().toWebAlgorithm(identifier) as { hash?: { name?: string } };
  return `rsa-pss-${(hash?.name ?? 'unknown').toLowerCase().replace('-', '')}`;
}

/** Why no careful dialler accepts this key, or undefined when it is fine. */
export function weaknessOfKey(key: KeyObject | undefined): string | undefined {
  if (key === undefined) return 'its algorithm or curve is unknown';
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ed25519' || type === 'ed448') return undefined;
  if (type === 'ec') {
    return details?.namedCurve !== undefined && details.namedCurve in CURVES
      ? undefined
      : `TLS clients don't offer the curve ${details?.namedCurve ?? 'of its parameters'}`;
  }
  if (type !== 'rsa' && type !== 'rsa-pss') return `TLS has no use for a ${type} key`;
  if ((details?.modulusLength ?? 0) < 2048) return `${details?.modulusLength} bits are too few`;
  if ((details?.publicExponent ?? 0n) < 3n) return `its exponent is ${details?.publicExponent}`;
  return undefined;
}

/** Whether forging a signature of this kind is within reach. */
export function isWeakSignature(signature: string): boolean {
  return /md2|md5|sha1$/.test(signature);
}

/** The public half of a key. */
export function publicOf(key: KeyObject): KeyObject {
  return key.type === 'private' ? createPublicKey(key) : key;
}
