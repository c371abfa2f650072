import { randomBytes } from 'node:crypto';
import type { SigningRequest } from './authority.js';
import { type SigningKey, x509 } from './crypto.js';

/** Clocks differ: a certificate is valid from a little before its making. */
export const BACKDATED_MS = 5 * 60_000;
export const DAY_MS = 86_400_000;

/** What goes into a certificate, and who signs it. */
export interface Signing {
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

export async function sign(props: Signing): Promise<x509.X509Certificate> {
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
      await authorityKeyId(props.authority, props.publicKey),
    ],
  });
}

/** The identifier that the signer's certificate has: it may have been made in another way than ours. */
async function authorityKeyId(
  authority: x509.X509Certificate | undefined,
  ownKey: CryptoKey,
): Promise<x509.AuthorityKeyIdentifierExtension> {
  const known = authority?.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId;
  return known === undefined
    ? x509.AuthorityKeyIdentifierExtension.create(authority ?? ownKey)
    : new x509.AuthorityKeyIdentifierExtension(known);
}

/** @param pathLength authorities allowed below it; absent: any number */
export function authorityExtensions(pathLength?: number): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ];
}

export function leafExtensions({
  dnsNames,
  usages,
}: Pick<SigningRequest, 'dnsNames' | 'usages'>): x509.Extension[] {
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

export function subjectOf(commonName: string, organizationalUnits: readonly string[] = []): string {
  return new x509.Name([
    ...organizationalUnits.map(unit => ({ OU: [unit] })),
    { CN: [commonName] },
  ]).toString();
}

export function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

export function toPem(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`;
}
