import { createPrivateKey, type KeyObject } from 'node:crypto';
import { parse as parseYaml } from 'yaml';
import { type Finding, finding } from '../../platform/errors.js';
import { type Certificate, parseCertificate } from './certificate.js';
import { parseRequest, type SigningRequestFile } from './request.js';

/** What a file with certificates holds. */
export interface Material {
  readonly certificates: readonly Certificate[];
  readonly requests: readonly SigningRequestFile[];
  readonly keys: readonly KeyObject[];
  /** Of a Kubernetes Secret: its `ca.crt`. */
  readonly roots?: readonly Certificate[];
  /** What of it can't be read. */
  readonly findings: readonly Finding[];
}

/** Reads PEM (any mixture), DER, or the manifest of a Kubernetes Secret of type `kubernetes.io/tls`. Pure. */
export function readMaterial(bytes: Uint8Array, source: string): Material {
  const buffer = Buffer.from(bytes);
  const text = buffer.toString('utf8').replace(/^\ufeff/, '');
  if (text.includes('-----BEGIN ')) return readPem(text, source);
  return readSecret(text, source) ?? readDer(buffer, source);
}

/** What a server sent in its handshake: DER, in that order. */
export function readServed(chain: readonly Uint8Array[], source: string): Material {
  return merge(chain.map((der, index) => readCertificate(Buffer.from(der), `${source} chain[${index}]`)));
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----(?:(?!-----)[\s\S])*-----END \1-----/g;
/** Parts of a PEM file that say nothing about certificates. */
const IGNORED = new Set(['EC PARAMETERS', 'DH PARAMETERS', 'PUBLIC KEY']);

function readPem(text: string, source: string): Material {
  const blocks = [...text.matchAll(BLOCK)];
  const begun = text.match(/-----BEGIN /g)?.length ?? 0;
  const glued = /-----END [A-Z0-9 ]+-----[ \t]*-----BEGIN /.test(text);
  const read = blocks.map(([block, label = ''], index) =>
    readBlock(label, block, `${source} block ${index + 1}`),
  );
  return merge([
    ...read,
    ...(begun > blocks.length
      ? [
          unreadable(
            source,
            `${begun - blocks.length} of ${begun} blocks have no matching END line: the file is cut off or damaged`,
          ),
        ]
      : []),
    ...(glued
      ? [
          unreadable(
            source,
            'a line break is missing between END and BEGIN; most programs ignore what follows',
          ),
        ]
      : []),
  ]);
}

function readBlock(label: string, block: string, place: string): Partial<Material> {
  if (IGNORED.has(label)) return {};
  if (label.endsWith('PRIVATE KEY')) return readKey(block, place);
  const body = block
    .replace(/-----[^-]+-----/g, '')
    .replace(/^[\w-]+:.*$/gm, '')
    .replace(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body)) return unreadable(place, 'its Base64 is damaged');
  const der = Buffer.from(body, 'base64');
  if (label === 'CERTIFICATE' || label === 'X509 CERTIFICATE') return readCertificate(der, place);
  if (label === 'CERTIFICATE REQUEST' || label === 'NEW CERTIFICATE REQUEST') return readRequest(der, place);
  const fix = label === 'PKCS7' ? { fix: 'openssl pkcs7 -print_certs -in FILE' } : {};
  return unreadable(place, `"${label}" is neither a certificate nor a signing request nor a key`, fix);
}

const JAVA_KEY_STORE = Buffer.from('feedfeed', 'hex');

function readDer(der: Buffer, source: string): Material {
  if (der.length === 0) return merge([unreadable(source, 'it is empty')]);
  if (der.subarray(0, 4).equals(JAVA_KEY_STORE)) {
    return merge([
      unreadable(source, 'it is a Java key store', { fix: 'keytool -list -rfc -keystore FILE' }),
    ]);
  }
  const asRequest = readRequest(der, source);
  if (asRequest.requests?.length) return merge([asRequest]);
  const asCertificate = readCertificate(der, source);
  if (asCertificate.certificates?.length) return merge([asCertificate]);
  return merge([
    unreadable(source, 'it holds no certificate, signing request or Secret', {
      want: 'PEM, DER, or the manifest of a Kubernetes Secret',
      ...(der[0] === 0x30 && { fix: 'if it is PKCS #12: openssl pkcs12 -in FILE -nokeys' }),
    }),
  ]);
}

function readSecret(text: string, source: string): Material | undefined {
  if (!/\bSecret\b/.test(text) || !text.includes('tls.crt')) return undefined;
  const document = parseSecret(text);
  const field = (name: string) => {
    const encoded = document?.data?.[name];
    return (
      document?.stringData?.[name] ?? (encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString())
    );
  };
  if (document?.kind !== 'Secret') return undefined;
  const [chain, key, roots] = [field('tls.crt'), field('tls.key'), field('ca.crt')].map((pem, index) =>
    readPem(pem, `${source} ${['tls.crt', 'tls.key', 'ca.crt'][index]}`),
  );
  const { certificates: anchors = [], findings = [] } = roots ?? {};
  return { ...merge([chain ?? {}, key ?? {}, { findings }]), ...(anchors.length > 0 && { roots: anchors }) };
}

interface SecretManifest {
  readonly kind?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

function parseSecret(text: string): SecretManifest | undefined {
  try {
    return parseYaml(text) as SecretManifest; // JSON is YAML
  } catch {
    return undefined;
  }
}

function readCertificate(der: Buffer, place: string): Partial<Material> {
  try {
    return { certificates: [parseCertificate(der)] };
  } catch (error) {
    return unreadable(place, `it is no certificate: ${reason(error)}`);
  }
}

function readRequest(der: Buffer, place: string): Partial<Material> {
  try {
    return { requests: [parseRequest(der)] };
  } catch (error) {
    return unreadable(place, `it is no signing request: ${reason(error)}`);
  }
}

function readKey(pem: string, place: string): Partial<Material> {
  try {
    return { keys: [createPrivateKey(pem)] };
  } catch {
    const encrypted = pem.includes('ENCRYPTED');
    return unreadable(place, encrypted ? 'its private key is encrypted' : 'its private key is damaged', {
      severity: encrypted ? 'warning' : 'error',
    });
  }
}

function unreadable(
  where: string,
  message: string,
  more: Parameters<typeof finding>[2] = {},
): Partial<Material> {
  return { findings: [finding('CertUnreadable', message, { where: { file: where }, ...more })] };
}

function merge(parts: readonly Partial<Material>[]): Material {
  return {
    certificates: parts.flatMap(({ certificates = [] }) => certificates),
    requests: parts.flatMap(({ requests = [] }) => requests),
    keys: parts.flatMap(({ keys = [] }) => keys),
    findings: parts.flatMap(({ findings = [] }) => findings),
  };
}

function reason(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
