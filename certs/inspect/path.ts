import { type Certificate, isSignedBy } from './certificate.js';

/** How a walk from the leaf towards a root ended. */
export type PathEnd =
  /** At a trusted root. */
  | { readonly kind: 'trusted' }
  /** At a certificate that nobody but itself vouches for, and that is not among the roots. */
  | { readonly kind: 'self-signed' }
  /** The issuer of its last certificate is nowhere. */
  | { readonly kind: 'open' }
  /** There is a certificate with the issuer's name, but its key did not make the signature. */
  | { readonly kind: 'broken'; readonly claimed: Certificate };

export interface CertificatePath {
  /** Leaf first; the trusted root last, when one was reached. */
  readonly certificates: readonly Certificate[];
  readonly end: PathEnd;
}

/** No sane chain is longer; bounds what a hostile one can cost. */
const MAX_DEPTH = 10;

/**
 * Walks from the leaf over its issuers. Where there are several, it takes the one that OpenSSL takes, and with it
 * Node, Python and libpulsar: first of the roots, then in the order in which they were sent, one that is valid at the
 * time before others; and like OpenSSL it doesn't come back to try another.
 */
export function findPath(
  leaf: Certificate,
  others: readonly Certificate[],
  roots: readonly Certificate[],
  at: Date,
): CertificatePath {
  const certificates = [leaf];
  for (let current = leaf; ; ) {
    if (current.info.selfSigned) {
      // Only a root ends the walk: OpenSSL goes on from an intermediate that is among the trusted.
      const isRoot = roots.some(root => sameCertificate(root, current));
      return { certificates, end: { kind: isRoot ? 'trusted' : 'self-signed' } };
    }
    const named = [...roots, ...others, current].filter(({ subjectKey }) => subjectKey === current.issuerKey);
    const signers = named.filter(({ publicKey }) => publicKey && isSignedBy(current.x509, publicKey));
    const issuer = signers.find(signer => isValidAt(signer, at)) ?? signers[0];
    if (issuer === undefined || certificates.length >= MAX_DEPTH) {
      const [claimed] = issuer === undefined ? named : [];
      return { certificates, end: claimed ? { kind: 'broken', claimed } : { kind: 'open' } };
    }
    certificates.push(issuer);
    current = issuer;
  }
}

export function sameCertificate(a: Certificate, b: Certificate): boolean {
  return a.info.fingerprint === b.info.fingerprint;
}

export function isValidAt(certificate: Certificate, at: Date): boolean {
  return certificate.notBefore <= at && at <= certificate.notAfter;
}
