import type { CertificateRequest } from '../platform/plan/index.js';
import type { Authority } from './authority.js';
import { newKey, x509 } from './crypto.js';

export interface IssuedCertificate {
  /** PEM: leaf, then intermediates. */
  readonly certificate: string;
  /** PEM, PKCS #8. Secret. */
  readonly key: string;
}

/** Makes a key here, proves it by a CSR, and has the authority sign it. */
export async function requestCertificate(
  authority: Authority,
  request: CertificateRequest,
): Promise<IssuedCertificate> {
  const key = await newKey(request.algorithm);
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name: new x509.Name([{ CN: [request.commonName] }]).toString(),
    keys: key.pair,
    signingAlgorithm: key.algorithm,
  });
  const { commonName, dnsNames, usages, durationSeconds } = request;
  const certificate = await authority.issue({
    csr: csr.toString('pem'),
    commonName,
    dnsNames,
    usages,
    durationSeconds,
  });
  return { certificate, key: key.pem };
}
