import { randomBytes } from 'node:crypto';
import type { Authority, LocalAuthorityMaterial, NewAuthorityProps, SigningRequest } from '../authority.js';
import { newKey, type SigningKey, signingKey, x509 } from '../crypto.js';

const DAY_MS = 86_400_000;
/** Clocks differ: a certificate is valid from a little before its making. */
const BACKDATED_MS = 5 * 60_000;

/**
 * Makes a root and an intermediate. The root's key is used once and then forgotten: nothing can be signed by it
 * again, so the intermediate is the only thing to guard.
 */
export async function newLocalAuthority(props: NewAuthorityProps): Promise<LocalAuthorityMaterial> {
  const notBefore = new Date((props.now ?? new Date()).getTime() - BACKDATED_MS);
  const notAfter = new Date(notBefore.getTime() + (props.days ?? 3650) * DAY_MS);
  const [rootKey, intermediateKey] = await Promise.all([newKey(props.algorithm), newKey(props.algorithm)]);
  const root = await sign({
    subject: `CN=${props.commonName} root`,
    issuer: `CN=${props.commonName} root`,
    publicKey: rootKey.pair.publicKey,
    by: rootKey,
    notBefore,
    notAfter,
    extensions: authorityExtensions(),
  });
  const intermediate = await sign({
    subject: `CN=${props.commonName} intermediate`,
    issuer: root.subject,
    publicKey: intermediateKey.pair.publicKey,
    by: rootKey,
    authority: root,
    notBefore,
    notAfter,
    extensions: authorityExtensions(0),
  });
  return {
    root: pem(root),
    intermediate: pem(intermediate),
    intermediateKey: intermediateKey.pem,
  };
}

/** The authority of the local target: signs with its intermediate. */
export async function localAuthority(material: LocalAuthorityMaterial): Promise<Authority> {
  const intermediate = new x509.X509Certificate(material.intermediate);
  const key = await signingKey(material.intermediateKey);
  return {
    roots: material.root,
    issue: async request => {
      const csr = new x509.Pkcs10CertificateRequest(request.csr);
      if (!(await csr.verify()))
        throw new TypeError('the signing request does not prove possession of its key');
      const notBefore = new Date(Date.now() - BACKDATED_MS);
      const leaf = await sign({
        subject: subjectOf(request.commonName),
        issuer: intermediate.subject,
        publicKey: await csr.publicKey.export(),
        by: key,
        authority: intermediate,
        notBefore,
        notAfter: earlier(new Date(Date.now() + request.durationSeconds * 1000), intermediate.notAfter),
        extensions: leafExtensions(request),
      });
      return pem(leaf) + pem(intermediate);
    },
  };
}

interface Signing {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: CryptoKey;
  readonly by: SigningKey;
  /** The certificate of the signer. @default - self-signed */
  readonly authority?: x509.X509Certificate;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly x509.Extension[];
}

async function sign(props: Signing): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: props.subject,
    issuer: props.issuer,
    notBefore: props.notBefore,
    notAfter: props.notAfter,
    publicKey: props.publicKey,
    signingKey: props.by.pair.privateKey,
    signingAlgorithm: props.by.algorithm,
    extensions: [
      ...props.extensions,
      await x509.SubjectKeyIdentifierExtension.create(props.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(props.authority ?? props.publicKey),
    ],
  });
}

function authorityExtensions(pathLength?: number): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ];
}

function leafExtensions({ dnsNames, usages }: SigningRequest): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension(
      usages.map(usage => x509.ExtendedKeyUsage[usage === 'server auth' ? 'serverAuth' : 'clientAuth']),
    ),
    ...(dnsNames.length > 0
      ? [new x509.SubjectAlternativeNameExtension(dnsNames.map(value => ({ type: 'dns', value })))]
      : []),
  ];
}

/** 16 random bytes with the top bit clear: positive in DER, and never zero in practice (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

function subjectOf(commonName: string): string {
  return new x509.Name([{ CN: [commonName] }]).toString();
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

function pem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}
