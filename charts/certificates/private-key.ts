import type { KeyAlgorithm } from '../../platform/plan/index.js';

/** cert-manager's words for an algorithm. PKCS #8 is what every part reads. */
export function privateKeyOf(algorithm: KeyAlgorithm) {
  return algorithm === 'ecdsa-p256'
    ? { algorithm: 'ECDSA', size: 256, encoding: 'PKCS8' }
    : { algorithm: 'RSA', size: Number(algorithm.slice('rsa-'.length)), encoding: 'PKCS8' };
}
