import type { CertificateRequest } from '../platform/plan/index.js';
import type { Authority } from './authority.js';
import { newKey, type SigningKey, x509 } from './crypto.js';
import { authorityExtensions, leafExtensions, subjectOf } from './sign.js';

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
  const { commonName, organizationalUnits, dnsNames, usages, durationSeconds } = request;
  const certificate = await authority.issue({
    csr: await leafRequest(request, key),
    commonName,
    ...(organizationalUnits && { organizationalUnits }),
    dnsNames,
    usages,
    durationSeconds,
  });
  return { certificate, key: key.pem };
}

/** The signing request of a leaf, PEM. Names and usages are in it for authorities that take them from there. */
async function leafRequest(
  { commonName, organizationalUnits, dnsNames, usages }: CertificateRequest,
  { pair, algorithm }: SigningKey,
): Promise<string> {
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name: subjectOf(commonName, organizationalUnits),
    keys: pair,
    signingAlgorithm: algorithm,
    extensions: leafExtensions({ dnsNames, usages }),
  });
  return `${csr.toString('pem')}\n`;
}

/** The signing request of an authority, PEM. */
export async function authorityRequest(commonName: string, { pair, algorithm }: SigningKey): Promise<string> {
  const csr = await x509.Pkcs10CertificateRequestGenerator.create({
    name: subjectOf(commonName),
    keys: pair,
    signingAlgorithm: algorithm,
    extensions: authorityExtensions(0),
  });
  return `${csr.toString('pem')}\n`;
}
