import { X509Certificate } from 'node:crypto';

export interface PemCertificate {
  /** With a line break at its end. */
  readonly pem: string;
  readonly x509: X509Certificate;
  readonly selfSigned: boolean;
}

/** The certificates of a PEM text, in their order. */
export function certificatesIn(text: string): PemCertificate[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map(block => {
    const x509 = new X509Certificate(block);
    const selfSigned = x509.subject === x509.issuer && x509.verify(x509.publicKey);
    return { pem: `${block}\n`, x509, selfSigned };
  });
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
