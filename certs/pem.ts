import { X509Certificate } from 'node:crypto';
import { PlatformError } from '../platform/errors.js';

export interface PemCertificate {
  /** With a line break at its end. */
  readonly pem: string;
  readonly x509: X509Certificate;
  readonly selfSigned: boolean;
}

/**
 * The certificates of a PEM text, in their order.
 *
 * @throws PlatformError CertUnreadable, with the place of the one that is damaged
 */
export function certificatesIn(text: string): PemCertificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block, index) => {
    const x509 = read(block, index);
    const selfSigned = x509.subject === x509.issuer && x509.verify(x509.publicKey);
    return { pem: `${block}\n`, x509, selfSigned };
  });
}

function read(block: string, index: number): X509Certificate {
  try {
    return new X509Certificate(block);
  } catch (cause) {
    throw new PlatformError('CertUnreadable', 'a certificate can not be decoded', {
      where: `certificate ${index + 1} of the text`,
      saw: block.split('\n')[1] ?? block,
      cause,
    });
  }
}

/** A certificate with what leads from it to its root; each part PEM, with a line break at its end. */
export interface Chain {
  readonly certificate: string;
  /** From its issuer upwards, without the root. */
  readonly intermediates: string;
  /** The root, when it is in the chain. */
  readonly roots: string;
}

/** Sorts a certificate and what is above it, in their order, into the parts of a chain. */
export function toChain(pem: string): Chain {
  const [own, ...above] = certificatesIn(pem);
  if (own === undefined) throw new TypeError('there is no certificate');
  const join = (parts: readonly PemCertificate[]) => parts.map(part => part.pem).join('');
  return {
    certificate: own.pem,
    intermediates: join(above.filter(({ selfSigned }) => !selfSigned)),
    roots: join([own, ...above].filter(({ selfSigned }) => selfSigned)),
  };
}
