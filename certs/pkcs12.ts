import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  Set as Asn1Set,
  Constructed,
  fromBER,
  Integer,
  ObjectIdentifier,
  OctetString,
  Sequence,
} from 'asn1js';
import type { IssuedCertificate } from './request.js';

// RFC 7292 (PKCS #12), RFC 2985 (PKCS #9)
const DATA = '1.2.840.113549.1.7.1';
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21';
/** Oracle's mark of a trusted certificate, and what it is trusted for. */
const TRUSTED_KEY_USAGE = '2.16.840.1.113894.746875.1.1';
const ANY_KEY_USAGE = '2.5.29.37.0';

/**
 * A PKCS #12 key store for Java servers that can't read PEM: the encrypted key, its certificate and the intermediates.
 * It has no MAC (optional in RFC 7292; Java reads it): a file that is tampered with fails at the key's own padding or
 * in the handshake.
 */
export function toPkcs12({ certificate, key }: IssuedCertificate, passphrase: string): Uint8Array {
  const encryptedKey = createPrivateKey(key).export({
    type: 'pkcs8',
    format: 'der',
    cipher: 'aes-256-cbc',
    passphrase,
  });
  const certificates = certificate.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const keyId = localKeyId();
  const bags = [
    bag(SHROUDED_KEY_BAG, fromBER(encryptedKey).result, keyId),
    ...certificates.map((pem, index) =>
      bag(CERTIFICATE_BAG, certificateBag(new X509Certificate(pem).raw), index === 0 ? keyId : undefined),
    ),
  ];
  return store(bags);
}

/**
 * A PKCS #12 trust store for Java: the roots, each marked as trusted in Java's own way, without a password since
 * there is nothing to hide in it.
 */
export function toPkcs12TrustStore(roots: readonly X509Certificate[]): Uint8Array {
  return store(roots.map(root => bag(CERTIFICATE_BAG, certificateBag(root.raw), trustedForAnything())));
}

function store(bags: readonly Sequence[]): Uint8Array {
  const authenticatedSafe = new Sequence({ value: [contentInfo(new Sequence({ value: [...bags] }))] });
  const version = new Integer({ value: 3 });
  return new Uint8Array(new Sequence({ value: [version, contentInfo(authenticatedSafe)] }).toBER());
}

function contentInfo(content: Sequence): Sequence {
  const data = new OctetString({ valueHex: content.toBER() });
  return new Sequence({ value: [new ObjectIdentifier({ value: DATA }), explicit(data)] });
}

type Value = Sequence | OctetString | ReturnType<typeof fromBER>['result'];

function bag(type: string, value: Value, one: Sequence | undefined): Sequence {
  const attributes = one === undefined ? [] : [new Asn1Set({ value: [one] })];
  return new Sequence({ value: [new ObjectIdentifier({ value: type }), explicit(value), ...attributes] });
}

function certificateBag(der: Uint8Array): Sequence {
  const value = explicit(new OctetString({ valueHex: der }));
  return new Sequence({ value: [new ObjectIdentifier({ value: X509_CERTIFICATE }), value] });
}

/** Ties the certificate to its key. */
function localKeyId(): Sequence {
  return attribute(LOCAL_KEY_ID, new OctetString({ valueHex: Uint8Array.of(1) }));
}

/** Without it Java finds certificates in the store but trusts none of them. */
function trustedForAnything(): Sequence {
  return attribute(TRUSTED_KEY_USAGE, new ObjectIdentifier({ value: ANY_KEY_USAGE }));
}

function attribute(type: string, value: OctetString | ObjectIdentifier): Sequence {
  return new Sequence({ value: [new ObjectIdentifier({ value: type }), new Asn1Set({ value: [value] })] });
}

function explicit(value: Value): Constructed {
  return new Constructed({ idBlock: { tagClass: 3, tagNumber: 0 }, value: [value] });
}
