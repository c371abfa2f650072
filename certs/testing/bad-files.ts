import type { Code } from '../../platform/errors.js';
import { file, HOST, type InspectCase, intermediate, leaf, type Verdict } from './case.js';
import { CLIENT_AUTH, type ForgeRequestProps, forgeRequest, newTestKey, toPem } from './forge.js';

const pem = file(leaf, intermediate);
const unreadable = (name: string, content: string | Buffer, openssl: Verdict = 'no'): InspectCase => ({
  name,
  file: content,
  codes: ['CertUnreadable'],
  openssl,
});

export const badFiles: readonly InspectCase[] = [
  unreadable('an empty file', ''),
  unreadable('prose', 'Dear operator, the certificate is attached.\n'),
  unreadable('a page of HTML', '<!doctype html><html><body>500 Internal Server Error</body></html>'),
  unreadable(
    'random bytes',
    Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 197 + 13) % 256)),
  ),
  unreadable('PEM cut off in the middle', leaf.pem.slice(0, 300)),
  {
    ...unreadable('a chain cut off in its second certificate', pem.slice(0, leaf.pem.length + 300), 20),
    codes: ['CertUnreadable', 'CertMissingIntermediate'],
  },
  unreadable('PEM without its END line', leaf.pem.replace(/-----END.*\n/, '')),
  unreadable('damaged Base64', leaf.pem.replace(/\n.{10}/, '\n!!!!!!!!!!')),
  unreadable('valid Base64 of something else', toPem('CERTIFICATE', Buffer.from('not DER'))),
  unreadable('DER cut off', leaf.der.subarray(0, 200)),
  unreadable('DER with bytes behind it', Buffer.concat([leaf.der, Buffer.from([0, 0, 0])]), 20),
  unreadable('only a private key', leaf.keyPem),
  unreadable('only a public key', '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n'),
  unreadable('PKCS #7', toPem('PKCS7', leaf.der)),
  unreadable('a Java key store', Buffer.concat([Buffer.from('feedfeed', 'hex'), Buffer.alloc(64)])),
  unreadable('a signing request cut off', toPem('CERTIFICATE REQUEST', Buffer.from('3082', 'hex'))),
  {
    name: 'no line break between two certificates',
    file: pem.replace('-----\n-----', '----------'),
    codes: ['CertUnreadable'],
  },
  {
    name: 'a chain with a damaged private key behind it',
    file: `${pem}-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n`,
    codes: ['CertUnreadable'],
    openssl: 20,
  },
  {
    name: 'a Secret with the key of another certificate',
    file: secret({ 'tls.crt': pem, 'tls.key': intermediate.keyPem }),
    codes: ['CertKeyMismatch'],
    openssl: 'no',
  },
  {
    name: 'a Secret whose ca.crt is the intermediate',
    file: secret({ 'tls.crt': pem, 'tls.key': leaf.keyPem, 'ca.crt': intermediate.pem }),
    codes: ['CertUntrusted'],
    openssl: 'no',
  },
];

/** The manifest of a Secret as kubectl prints it. */
export function secret(data: Readonly<Record<string, string>>): string {
  const encoded = Object.entries(data).map(([name, value]) => [name, Buffer.from(value).toString('base64')]);
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    data: Object.fromEntries(encoded),
  });
}

const ofRequest = (
  name: string,
  codes: readonly Code[],
  props: ForgeRequestProps,
  more: Partial<InspectCase> = {},
): InspectCase => ({
  name: `request: ${name}`,
  file: forgeRequest({ dns: [HOST], ...props }),
  codes,
  openssl: 'ok',
  ...more,
});

export const badRequests: readonly InspectCase[] = [
  ofRequest('RSA of 1024 bits', ['CertWeakKey'], { kind: 'rsa-1024' }),
  ofRequest('curve P-192', ['CertWeakKey'], { kind: 'p192' }),
  ofRequest('signed over SHA-1', ['CertWeakSignature'], { hash: 'sha1' }),
  ofRequest('signed over MD5', ['CertWeakSignature'], { kind: 'rsa-2048', hash: 'md5' }),
  ofRequest(
    'not signed by its own key',
    ['CertBadSignature'],
    { signedBy: newTestKey('p256') },
    { openssl: 'no' },
  ),
  ofRequest(
    'signed by a key of another type',
    ['CertBadSignature'],
    { signedBy: newTestKey('ed25519') },
    { openssl: 'no' },
  ),
  ofRequest('no names', ['CertNoNames'], { dns: [] }),
  ofRequest('a common name of 100 bytes', ['CertBadName'], { subject: `CN=${'b'.repeat(100)}` }),
  ofRequest('an address as a DNS name', ['CertBadName'], { dns: ['10.1.2.3'] }),
  ofRequest('a wildcard over a top-level domain', ['CertBadName'], { dns: ['*.example'] }),
  ofRequest('an e-mail address as a DNS name', ['CertBadName'], { dns: ['a@b.example'] }),
  ofRequest('a dialled name missing', ['CertNameMismatch'], {}, { names: ['proxy.example'] }),
  ofRequest(
    'client usage for a server',
    ['CertWrongUsage'],
    { usages: [CLIENT_AUTH] },
    { usages: ['server auth'] },
  ),
  ofRequest('wants to be an authority', ['CertLeafIsCa'], { ca: true }),
  ofRequest('another key', ['CertKeyMismatch'], {}, { key: leaf.keyPem }),
];
