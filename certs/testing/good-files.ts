import { secret } from './bad-files.js';
import {
  CLIENT_AUTH,
  file,
  HOST,
  type InspectCase,
  intermediate,
  leaf,
  ofFile,
  ofIntermediate,
  ofLeaf,
  root,
  SERVER_AUTH,
} from './case.js';
import { forge, forgeAuthority, forgeRequest, toPem } from './forge.js';

const good = (name: string, content: string | Buffer, more: Partial<InspectCase> = {}): InspectCase =>
  ofFile(name, [], 'ok', content, more);
const goodLeaf = (name: string, props: Parameters<typeof forge>[0], more: Partial<InspectCase> = {}) =>
  ofLeaf(name, [], 'ok', props ?? {}, more);

const otherRoot = forgeAuthority({ subject: 'CN=root 2' });
const rekeyedRoot = forgeAuthority();
const crossSigned = forgeAuthority({
  subject: 'CN=intermediate',
  issuer: otherRoot,
  key: intermediate.key,
  to: 1000,
});
const rootCrossSigned = forgeAuthority({ subject: 'CN=root', issuer: otherRoot, key: root.key, to: 2000 });
const upper = forgeAuthority({ subject: 'CN=upper', issuer: root, pathLength: 1, to: 2000 });
const lower = forgeAuthority({ subject: 'CN=lower', issuer: upper, pathLength: 0, to: 1000 });
const rsaRoot = forgeAuthority({ subject: 'CN=RSA root', kind: 'rsa-2048' });
const ed25519Root = forgeAuthority({ subject: 'CN=Ed25519 root', kind: 'ed25519' });
const oldRoot = forgeAuthority({ subject: 'CN=old root', kind: 'rsa-2048', hash: 'sha1' });
const noKeyIds = forgeAuthority({ keyId: 'none', authorityKeyId: 'none' });
const chain = file(leaf, intermediate);
const client = forge({ issuer: intermediate, usages: [CLIENT_AUTH] });

export const goodFiles: readonly InspectCase[] = [
  good('leaf and intermediate', chain),
  good('the same without a root to judge by', chain, { trust: undefined, openssl: 20 }),
  good('the same without a name to judge by', chain, { names: [] }),
  good('with its private key', file(leaf, intermediate, leaf.keyPem)),
  good('with its private key in front', file(leaf.keyPem, leaf, intermediate), { leaf: leaf.pem }),
  good('with its private key beside it', chain, { key: leaf.keyPem }),
  good('with Windows line ends', chain.replaceAll('\n', '\r\n')),
  good('with text around the blocks', `subject=CN = leaf\n${chain}\n# end\n`),
  good('with a byte order mark', `\ufeff${chain}`),
  good('leaf directly under the root', file(forge({ issuer: root, dns: [HOST] }))),
  good('two intermediates', file(forge({ issuer: lower, dns: [HOST] }), lower, upper)),
  good('DER', forge({ issuer: root, dns: [HOST] }).der),
  good('several roots are trusted', chain, { trust: file(otherRoot, root) }),
  good('an old and a new root of the same name are trusted', chain, { trust: file(rekeyedRoot, root) }),
  good('cross-signed, the way to the trusted root first', file(leaf, crossSigned, intermediate), {
    trust: otherRoot.pem,
  }),
  good('root cross-signed by a trusted one', file(leaf, intermediate, rootCrossSigned), {
    trust: otherRoot.pem,
  }),
  good('RSA all along', file(forge({ issuer: rsaRoot, dns: [HOST], kind: 'rsa-2048' })), {
    trust: rsaRoot.pem,
  }),
  good('Ed25519 all along', file(forge({ issuer: ed25519Root, dns: [HOST], kind: 'ed25519' })), {
    trust: ed25519Root.pem,
  }),
  good('root that signed itself over SHA-1', file(forge({ issuer: oldRoot, dns: [HOST] })), {
    trust: oldRoot.pem,
  }),
  good('no key ids anywhere', file(forge({ issuer: noKeyIds, dns: [HOST], authorityKeyId: 'none' })), {
    trust: noKeyIds.pem,
  }),
  goodLeaf('RSA leaf under ECDSA', { kind: 'rsa-2048' }),
  goodLeaf('RSA of 3072 bits', { kind: 'rsa-3072' }),
  goodLeaf('curve P-384 over SHA-384', { kind: 'p384', hash: 'sha384' }),
  goodLeaf('curve P-521 over SHA-512', { kind: 'p521', hash: 'sha512' }),
  goodLeaf(
    'wildcard',
    { dns: ['*.broker.pulsar.svc.cluster.local'] },
    { names: ['broker-0.broker.pulsar.svc.cluster.local'] },
  ),
  goodLeaf('name in other letters', { dns: ['Broker.Example'] }),
  goodLeaf('dialled with a trailing dot', {}, { names: [HOST] }),
  goodLeaf('address', { dns: [], ip: ['127.0.0.1'] }, { names: ['127.0.0.1'] }),
  goodLeaf('IPv6 address', { dns: [], ip: ['::1'] }, { names: ['::1'] }),
  goodLeaf('names, a wildcard and an address', { dns: [HOST, '*.pulsar.svc'], ip: ['10.0.0.1'] }),
  goodLeaf('single-label names', { dns: ['localhost', 'broker'] }, { names: ['broker'] }),
  goodLeaf('server usage only', { usages: [SERVER_AUTH] }),
  goodLeaf('no extended usage, which means any', { usages: [] }),
  goodLeaf('no key usage, which means any', { keyUsages: [] }),
  goodLeaf('RSA with the usages of old servers', {
    kind: 'rsa-2048',
    keyUsages: ['digitalSignature', 'keyEncipherment'],
  }),
  goodLeaf('7 days of a short-lived authority', { from: -15 / 1440, to: 7 }, { mode: 'short-lived' }),
  goodLeaf('a third of its life left', { from: -60, to: 30 }),
  goodLeaf('a day of life', { from: -1 / 24, to: 23 / 24 }),
  goodLeaf('empty subject', { subject: '' }),
  ofIntermediate('intermediate for TLS only', [], 'ok', { usages: [SERVER_AUTH, CLIENT_AUTH] }),
  ofIntermediate('name that the intermediate may sign', [], 'ok', {
    permittedDns: ['example'],
    excludedDns: ['other.example'],
  }),
  good('client without a name', file(client, intermediate), { names: [], usages: ['client auth'] }),
  good('a root alone', root.pem, { names: [] }),
  good('a bundle of roots', file(root, otherRoot, rsaRoot), { names: [] }),
  good('the chain of an authority', file(intermediate, root), { names: [] }),
  good('a Secret', secret({ 'tls.crt': chain, 'tls.key': leaf.keyPem, 'ca.crt': root.pem }), {
    trust: undefined,
    openssl: 'no',
  }),
  good('a signing request', forgeRequest({ dns: [HOST] }), { trust: undefined }),
  good('a signing request with RSA', forgeRequest({ dns: [HOST], kind: 'rsa-2048', usages: [SERVER_AUTH] }), {
    trust: undefined,
  }),
  good('a signing request of a client', forgeRequest({ usages: [CLIENT_AUTH] }), {
    trust: undefined,
    names: [],
  }),
  good('an old label', toPem('X509 CERTIFICATE', forge({ issuer: root, dns: [HOST] }).der)),
];
