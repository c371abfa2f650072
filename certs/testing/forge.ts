import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { Attributes, CertificationRequest, CertificationRequestInfo } from '@peculiar/asn1-csr';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import * as asn from '@peculiar/asn1-x509';
import { x509 } from '../crypto.js';
import { publicOf } from '../inspect/algorithms.js';

const DAY_MS = 86_400_000;

/** One moment for all that a process forges, so that what is made one after the other begins and ends together. */
export const NOW = Date.now();

/** A certificate made for a test, right or wrong in whatever way the test wants it. */
export interface Forged {
  readonly pem: string;
  readonly der: Buffer;
  readonly subject: string;
  readonly key: KeyObject;
  /** PEM, PKCS #8 */
  readonly keyPem: string;
  readonly keyId: Buffer;
}

export type KeyKind = 'p256' | 'p384' | 'p521' | 'p192' | 'secp256k1' | 'ed25519' | `rsa-${number}` | 'dsa';
export type Hash = 'md5' | 'sha1' | 'sha224' | 'sha256' | 'sha384' | 'sha512';
type KeyUsage = keyof typeof asn.KeyUsageFlags;

export interface ForgeProps {
  /** @default 'CN=leaf' */
  readonly subject?: string;
  /** @default - self-signed */
  readonly issuer?: Pick<Forged, 'subject' | 'key' | 'keyId'>;
  /** Name of the issuer. @default - the subject of `issuer` */
  readonly issuerName?: string;
  /** Reuses a key; with an issuer a public one is enough. @default - a new one of `kind` */
  readonly key?: KeyObject;
  /** @default 'p256' */
  readonly kind?: KeyKind;
  /** @default 'sha256' */
  readonly hash?: Hash;
  /** Days from now; negative is the past. @default -1 */
  readonly from?: number;
  /** Days from now. @default 60 */
  readonly to?: number;
  /** basicConstraints; `none` leaves it out. @default false */
  readonly ca?: boolean | 'none';
  readonly pathLength?: number;
  /** @default - digitalSignature for a leaf; keyCertSign and cRLSign for an authority */
  readonly keyUsages?: readonly KeyUsage[];
  /** OIDs. @default - server auth and client auth for a leaf */
  readonly usages?: readonly string[];
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  /** @default - that of the issuer's key; `none` leaves it out */
  readonly authorityKeyId?: Buffer | 'none';
  readonly keyId?: 'none';
  readonly serial?: Buffer;
  /** `v1` has no extensions; `v1-extended` has them all the same. @default 'v3' */
  readonly version?: 'v1' | 'v1-extended' | 'v3';
  /** Writes the names twice. */
  readonly namesTwice?: boolean;
  readonly permittedDns?: readonly string[];
  readonly excludedDns?: readonly string[];
  readonly permittedIp?: readonly string[];
  /** Critical extensions by OID, without content that anybody knows. */
  readonly critical?: readonly string[];
  /** Makes the signature algorithm inside differ from the one outside. */
  readonly innerHash?: Hash;
  /** Puts an empty list of names into it. */
  readonly emptyNames?: boolean;
}

export const SERVER_AUTH = asn.id_kp_serverAuth;
export const CLIENT_AUTH = asn.id_kp_clientAuth;

export function newTestKey(kind: KeyKind): KeyObject {
  const curves = {
    p256: 'prime256v1',
    p384: 'secp384r1',
    p521: 'secp521r1',
    p192: 'prime192v1',
    secp256k1: 'secp256k1',
  };
  if (kind === 'ed25519') return generateKeyPairSync('ed25519').privateKey;
  if (kind === 'dsa')
    return generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).privateKey;
  if (kind in curves) {
    const namedCurve = curves[kind as keyof typeof curves];
    return generateKeyPairSync('ec', { namedCurve }).privateKey;
  }
  return generateKeyPairSync('rsa', { modulusLength: Number(kind.slice('rsa-'.length)) }).privateKey;
}

/** The subject key identifier of a key (RFC 5280, 4.2.1.2). */
export function keyIdOf(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicOf(key).export({ type: 'spki', format: 'der' }))
    .digest();
}

/** An authority: `CA:TRUE`, keyCertSign. */
export function forgeAuthority(props: ForgeProps = {}): Forged {
  return forge({ subject: 'CN=root', ca: true, to: 3650, ...props });
}

export function forge(props: ForgeProps = {}): Forged {
  const { issuer, subject = 'CN=leaf', hash = 'sha256', from = -1, to = 60 } = props;
  const key = props.key ?? newTestKey(props.kind ?? 'p256');
  const spki = publicOf(key).export({ type: 'spki', format: 'der' });
  const keyId = keyIdOf(key);
  const signer = issuer?.key ?? key;
  const tbs = new asn.TBSCertificate({
    version: props.version?.startsWith('v1') ? asn.Version.v1 : asn.Version.v3,
    serialNumber: arrayBuffer(props.serial ?? Buffer.concat([Buffer.from([0x41]), randomBytes(15)])),
    signature: algorithm(signer, props.innerHash ?? hash),
    issuer: asnName(props.issuerName ?? issuer?.subject ?? subject),
    validity: new asn.Validity({
      notBefore: new Date(NOW + from * DAY_MS),
      notAfter: new Date(NOW + to * DAY_MS),
    }),
    subject: asnName(subject),
    subjectPublicKeyInfo: AsnConvert.parse(spki, asn.SubjectPublicKeyInfo),
  });
  const extensions = extensionsOf(props, keyId);
  if (extensions.length > 0) tbs.extensions = new asn.Extensions(extensions);
  const tbsBytes = Buffer.from(AsnConvert.serialize(tbs));
  const certificate = new asn.Certificate({
    tbsCertificate: tbs,
    signatureAlgorithm: algorithm(signer, hash),
    signatureValue: arrayBuffer(signature(tbsBytes, signer, hash)),
  });
  const der = Buffer.from(AsnConvert.serialize(certificate));
  return { pem: toPem('CERTIFICATE', der), der, subject, key, keyPem: pkcs8(key), keyId };
}

/** Changes one byte of what was signed, without breaking its form: the last character of a DNS name. */
export function tamper(certificate: Forged, name: string): string {
  const der = Buffer.from(certificate.der);
  const at = der.indexOf(name) + name.length - 1;
  der[at] = (der[at] ?? 0) === 0x78 ? 0x79 : 0x78;
  return toPem('CERTIFICATE', der);
}

export interface ForgeRequestProps
  extends Pick<ForgeProps, 'subject' | 'kind' | 'key' | 'hash' | 'dns' | 'ip' | 'usages' | 'ca'> {
  /** Signs with another key than the one it is about. */
  readonly signedBy?: KeyObject;
}

/** A signing request, PEM. */
export function forgeRequest(props: ForgeRequestProps = {}): string {
  const { subject = 'CN=leaf', hash = 'sha256' } = props;
  const key = props.key ?? newTestKey(props.kind ?? 'p256');
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const wanted = new asn.Extensions([
    ...namesExtension(props),
    ...(props.usages ? [extension(asn.id_ce_extKeyUsage, new asn.ExtendedKeyUsage([...props.usages]))] : []),
    ...(props.ca === true
      ? [extension(asn.id_ce_basicConstraints, new asn.BasicConstraints({ cA: true }), true)]
      : []),
  ]);
  const attributes = wanted.length
    ? [new asn.Attribute({ type: '1.2.840.113549.1.9.14', values: [AsnConvert.serialize(wanted)] })]
    : [];
  const info = new CertificationRequestInfo({
    subject: asnName(subject),
    subjectPKInfo: AsnConvert.parse(spki, asn.SubjectPublicKeyInfo),
    attributes: new Attributes(attributes),
  });
  const signer = props.signedBy ?? key;
  const request = new CertificationRequest({
    certificationRequestInfo: info,
    signatureAlgorithm: algorithm(signer, hash),
    signature: arrayBuffer(signature(Buffer.from(AsnConvert.serialize(info)), signer, hash)),
  });
  return toPem('CERTIFICATE REQUEST', Buffer.from(AsnConvert.serialize(request)));
}

export function toPem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

function extensionsOf(props: ForgeProps, keyId: Buffer): asn.Extension[] {
  if (props.version === 'v1') return [];
  const { ca = false, issuer } = props;
  const flags = props.keyUsages ?? (ca === true ? ['keyCertSign', 'cRLSign'] : ['digitalSignature']);
  const usages = props.usages ?? (ca === true ? [] : [SERVER_AUTH, CLIENT_AUTH]);
  const authorityKeyId = props.authorityKeyId ?? issuer?.keyId ?? keyId;
  const subtrees = (names: readonly string[] = [], form: 'dNSName' | 'iPAddress' = 'dNSName') =>
    names.map(name => new asn.GeneralSubtree({ base: new asn.GeneralName({ [form]: name }) }));
  const permitted = [...subtrees(props.permittedDns), ...subtrees(props.permittedIp, 'iPAddress')];
  const excluded = subtrees(props.excludedDns);
  return [
    ...(ca === 'none'
      ? []
      : [
          extension(
            asn.id_ce_basicConstraints,
            new asn.BasicConstraints({
              cA: ca,
              ...(props.pathLength !== undefined && { pathLenConstraint: props.pathLength }),
            }),
            true,
          ),
        ]),
    ...(flags.length > 0 ? [extension(asn.id_ce_keyUsage, keyUsage(flags), true)] : []),
    ...(usages.length > 0 ? [extension(asn.id_ce_extKeyUsage, new asn.ExtendedKeyUsage([...usages]))] : []),
    ...namesExtension(props),
    ...(props.namesTwice ? namesExtension(props) : []),
    ...(props.emptyNames ? [extension(asn.id_ce_subjectAltName, new asn.SubjectAlternativeName([]))] : []),
    ...(permitted.length + excluded.length > 0
      ? [
          extension(
            asn.id_ce_nameConstraints,
            new asn.NameConstraints({
              ...(permitted.length > 0 && { permittedSubtrees: new asn.GeneralSubtrees(permitted) }),
              ...(excluded.length > 0 && { excludedSubtrees: new asn.GeneralSubtrees(excluded) }),
            }),
            true,
          ),
        ]
      : []),
    ...(props.critical ?? []).map(
      oid =>
        new asn.Extension({ extnID: oid, critical: true, extnValue: new OctetString(Buffer.from([5, 0])) }),
    ),
    ...(props.keyId === 'none'
      ? []
      : [extension(asn.id_ce_subjectKeyIdentifier, new asn.SubjectKeyIdentifier(keyId))]),
    ...(authorityKeyId === 'none'
      ? []
      : [
          extension(
            asn.id_ce_authorityKeyIdentifier,
            new asn.AuthorityKeyIdentifier({ keyIdentifier: new asn.KeyIdentifier(authorityKeyId) }),
          ),
        ]),
  ];
}

function namesExtension({ dns = [], ip = [] }: Pick<ForgeProps, 'dns' | 'ip'>): asn.Extension[] {
  const names = [
    ...dns.map(name => new asn.GeneralName({ dNSName: name })),
    ...ip.map(address => new asn.GeneralName({ iPAddress: address })),
  ];
  return names.length > 0 ? [extension(asn.id_ce_subjectAltName, new asn.SubjectAlternativeName(names))] : [];
}

function extension(oid: string, value: object, critical = false): asn.Extension {
  return new asn.Extension({
    extnID: oid,
    critical,
    extnValue: new OctetString(AsnConvert.serialize(value)),
  });
}

function keyUsage(flags: readonly KeyUsage[]): asn.KeyUsage {
  return new asn.KeyUsage(flags.reduce((sum, flag) => sum | asn.KeyUsageFlags[flag], 0));
}

const RSA_OIDS = { md5: 4, sha1: 5, sha224: 14, sha256: 11, sha384: 12, sha512: 13 } as const;
const ECDSA_OIDS = { sha1: '1', sha224: '3.1', sha256: '3.2', sha384: '3.3', sha512: '3.4' } as const;

function algorithm({ asymmetricKeyType: type }: KeyObject, hash: Hash): asn.AlgorithmIdentifier {
  if (type === 'ed25519') return new asn.AlgorithmIdentifier({ algorithm: '1.3.101.112' });
  if (type === 'dsa') return new asn.AlgorithmIdentifier({ algorithm: '2.16.840.1.101.3.4.3.2' });
  if (type === 'ec') {
    const suffix = ECDSA_OIDS[hash === 'md5' ? 'sha1' : hash];
    return new asn.AlgorithmIdentifier({ algorithm: `1.2.840.10045.4.${suffix}` });
  }
  return new asn.AlgorithmIdentifier({ algorithm: `1.2.840.113549.1.1.${RSA_OIDS[hash]}`, parameters: null });
}

function signature(bytes: Buffer, key: KeyObject, hash: Hash): Buffer {
  return sign(key.asymmetricKeyType === 'ed25519' ? null : hash, bytes, key);
}

function asnName(name: string): asn.Name {
  return AsnConvert.parse(new x509.Name(name).toArrayBuffer(), asn.Name);
}

function pkcs8(key: KeyObject): string {
  return key.type === 'private' ? key.export({ type: 'pkcs8', format: 'pem' }).toString() : '';
}

function arrayBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
