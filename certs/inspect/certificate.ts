import { type KeyObject, X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import * as asn from '@peculiar/asn1-x509';
import { x509 } from '../crypto.js';
import { algorithmOfKey, signatureAlgorithm } from './algorithms.js';
import { readExtensions } from './extensions.js';

/** What a certificate says, in words; printed by `platform certs inspect --json`. */
export interface CertificateInfo {
  /** RFC 4514, e.g. `CN=broker, O=Example`. */
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal, lower case. */
  readonly serial: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** URIs and e-mail addresses among the subject alternative names. */
  readonly otherNames: readonly string[];
  /** Extended key usages: `server auth`, `client auth`, else the OID. Empty: any use. */
  readonly usages: readonly string[];
  /** Key usages of RFC 5280, e.g. `digitalSignature`. Empty: any use. */
  readonly keyUsages: readonly string[];
  readonly ca: boolean;
  /** Whether issuer and subject are the same and its own key verifies it. */
  readonly selfSigned: boolean;
  /** ISO 8601, UTC */
  readonly notBefore: string;
  /** ISO 8601, UTC */
  readonly notAfter: string;
  /** `ecdsa-p256`, `rsa-2048`, … */
  readonly key: string;
  /** `ecdsa-sha256`, … */
  readonly signature: string;
  /** SHA-256 of the DER, upper-case hexadecimal with colons, as openssl prints it. */
  readonly fingerprint: string;
}

/** A certificate with what the rules look at. */
export interface Certificate {
  readonly info: CertificateInfo;
  readonly x509: X509Certificate;
  readonly commonNames: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Absent when its algorithm or curve is unknown to OpenSSL. */
  readonly publicKey?: KeyObject;
  /** Names in a form in which equal means the same name (RFC 5280, 7.1). */
  readonly subjectKey: string;
  readonly issuerKey: string;
  /** Hexadecimal */
  readonly keyId?: string;
  /** Hexadecimal */
  readonly authorityKeyId?: string;
  readonly basicConstraints?: { readonly ca: boolean; readonly pathLength?: number };
  readonly nameConstraints?: asn.NameConstraints;
  readonly hasNames: boolean;
  /** OIDs of critical extensions that neither this room nor OpenSSL understands. */
  readonly unknownCritical: readonly string[];
  /** What of it breaks RFC 5280. */
  readonly malformed: readonly string[];
}

/** DER → certificate. Throws when it is none. */
export function parseCertificate(der: Uint8Array): Certificate {
  const native = new X509Certificate(der);
  if (native.raw.length !== der.length) throw new TypeError('bytes follow after the certificate');
  const parsed = AsnConvert.parse(der, asn.Certificate);
  const { tbsCertificate: tbs } = parsed;
  const extensions = readExtensions(tbs.extensions ?? []);
  const publicKey = publicKeyOf(native);
  const name = new x509.Name(tbs.subject);
  const [subject, issuer] = [name.toString(), new x509.Name(tbs.issuer).toString()];
  const info: CertificateInfo = {
    subject,
    issuer,
    serial: Buffer.from(tbs.serialNumber).toString('hex'),
    dnsNames: extensions.names.flatMap(({ dNSName }) => dNSName ?? []),
    ipAddresses: extensions.names.flatMap(({ iPAddress }) => iPAddress ?? []),
    otherNames: extensions.names.flatMap(
      ({ uniformResourceIdentifier: uri, rfc822Name: email }) => uri ?? email ?? [],
    ),
    usages: extensions.usages,
    keyUsages: extensions.keyUsages,
    ca: extensions.basicConstraints?.ca ?? false,
    selfSigned: publicKey !== undefined && isSignedBy(native, publicKey) && subject === issuer,
    notBefore: tbs.validity.notBefore.getTime().toISOString(),
    notAfter: tbs.validity.notAfter.getTime().toISOString(),
    key: publicKey ? algorithmOfKey(publicKey) : 'unknown',
    signature: signatureAlgorithm(parsed.signatureAlgorithm),
    fingerprint: native.fingerprint256,
  };
  return {
    info,
    x509: native,
    commonNames: name.getField('CN'),
    notBefore: tbs.validity.notBefore.getTime(),
    notAfter: tbs.validity.notAfter.getTime(),
    ...(publicKey && { publicKey }),
    subjectKey: nameKey(info.subject),
    issuerKey: nameKey(info.issuer),
    ...(extensions.keyId && { keyId: extensions.keyId }),
    ...(extensions.authorityKeyId && { authorityKeyId: extensions.authorityKeyId }),
    ...(extensions.basicConstraints && { basicConstraints: extensions.basicConstraints }),
    ...(extensions.nameConstraints && { nameConstraints: extensions.nameConstraints }),
    hasNames: extensions.names.length > 0,
    unknownCritical: extensions.unknownCritical,
    malformed: malformations(parsed),
  };
}

/** Whether this key made the signature of the certificate. */
export function isSignedBy(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    return certificate.verify(key);
  } catch {
    return false; // a key of another type
  }
}

function malformations({ tbsCertificate: tbs, signatureAlgorithm: outer }: asn.Certificate): string[] {
  const serial = Buffer.from(tbs.serialNumber);
  const oids = (tbs.extensions ?? []).map(({ extnID }) => extnID);
  const names = tbs.extensions?.find(({ extnID }) => extnID === asn.id_ce_subjectAltName);
  return [
    ...((serial[0] ?? 0) >= 0x80 ? ['its serial number is negative'] : []),
    ...(serial.length > 20 ? ['its serial number is longer than 20 bytes'] : []),
    ...(oids.length > 0 && tbs.version !== asn.Version.v3 ? ['it has extensions but is not version 3'] : []),
    ...(new Set(oids).size < oids.length ? ['it has the same extension twice'] : []),
    ...(tbs.signature.isEqual(outer) ? [] : ['its two signature algorithms differ']),
    ...(names && AsnConvert.parse(names.extnValue, asn.SubjectAlternativeName).length === 0
      ? ['its list of names is empty']
      : []),
  ];
}

function publicKeyOf(certificate: X509Certificate): KeyObject | undefined {
  try {
    return certificate.publicKey;
  } catch {
    return undefined;
  }
}

function nameKey(name: string): string {
  return name.toLowerCase().replace(/\s+/g, ' ');
}
