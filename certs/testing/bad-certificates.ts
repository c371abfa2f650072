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
  ofRoot,
  root,
  SERVER_AUTH,
  type Verdict,
} from './case.js';
import { forge, forgeAuthority } from './forge.js';

const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const ANY_USAGE = '2.5.29.37.0';
const UNKNOWN_OID = '1.3.6.1.4.1.99999.1';

const above = forgeAuthority({ pathLength: 0 });
const one = forgeAuthority({ subject: 'CN=one', issuer: above, to: 2000 });
const two = forgeAuthority({ subject: 'CN=two', issuer: one, to: 1000 });
const blind = forgeAuthority({ subject: 'CN=blind', issuer: intermediate, to: 900 });

export const badAuthorities: readonly InspectCase[] = [
  ofFile(
    'leaf signed by a leaf',
    ['CertIssuerNotCa'],
    79,
    file(forge({ subject: 'CN=below', issuer: leaf, dns: [HOST] }), leaf, intermediate),
  ),
  ofIntermediate('intermediate with CA:FALSE', ['CertIssuerNotCa'], 79, {
    ca: false,
    keyUsages: ['keyCertSign'],
    usages: [],
  }),
  ofIntermediate('intermediate without basicConstraints', ['CertIssuerNotCa'], 79, {
    ca: 'none',
    keyUsages: [],
    usages: [],
  }),
  ofIntermediate('intermediate of version 1', ['CertIssuerNotCa'], 79, { version: 'v1' }),
  ofIntermediate('intermediate that may not sign certificates', ['CertIssuerNotCa'], 79, {
    keyUsages: ['digitalSignature'],
  }),
  ofRoot('root that may not sign certificates', ['CertIssuerNotCa'], 79, { keyUsages: ['cRLSign'] }),
  ofRoot('root with CA:FALSE', ['CertIssuerNotCa'], 79, {
    ca: false,
    keyUsages: ['keyCertSign'],
    usages: [],
  }),
  ofFile(
    'two authorities below a path length of 0',
    ['CertPathTooLong'],
    25,
    file(forge({ issuer: two, dns: [HOST] }), two, one),
    { trust: above.pem },
  ),
  ofFile(
    'an authority below an intermediate of path length 0',
    ['CertPathTooLong'],
    25,
    file(forge({ issuer: blind, dns: [HOST] }), blind, intermediate),
  ),
  ofLeaf('leaf that is an authority', ['CertLeafIsCa'], 'ok', {
    ca: true,
    keyUsages: ['digitalSignature'],
    usages: [SERVER_AUTH],
  }),
  ofIntermediate('name outside of what the intermediate may sign', ['CertNameConstraint'], 47, {
    permittedDns: ['other.example'],
  }),
  ofIntermediate('name inside of what the intermediate must not sign', ['CertNameConstraint'], 48, {
    excludedDns: ['example'],
  }),
  ofRoot('name outside of what the root may sign', ['CertNameConstraint'], 47, {
    permittedDns: ['svc.cluster.local'],
  }),
  ofIntermediate('name that only ends like a permitted one', ['CertNameConstraint'], 47, {
    permittedDns: ['ker.example'],
  }),
];

const ofNames = (
  name: string,
  codes: InspectCase['codes'],
  openssl: Verdict,
  dns: readonly string[],
  names: readonly string[] = [],
) => ofLeaf(name, codes, openssl, { dns }, { names });

export const badNames: readonly InspectCase[] = [
  ofLeaf('only a common name', ['CertNoNames'], 62, { subject: `CN=other`, dns: [] }),
  ofLeaf('a list of names that is empty', ['CertNoNames', 'CertMalformed'], 62, {
    dns: [],
    emptyNames: true,
  }),
  ofNames('another host', ['CertNameMismatch'], 62, ['other.example'], [HOST]),
  ofNames('one of two dialled names missing', ['CertNameMismatch'], 62, [HOST], ['proxy.example', HOST]),
  ofNames(
    'short name of a service not in it',
    ['CertNameMismatch'],
    62,
    ['broker.pulsar.svc.cluster.local'],
    ['broker'],
  ),
  ofNames(
    'two labels under a wildcard',
    ['CertNameMismatch'],
    62,
    ['*.pulsar.svc'],
    ['broker-0.broker.pulsar.svc'],
  ),
  ofNames('the domain itself under its wildcard', ['CertNameMismatch'], 62, ['*.broker.example'], [HOST]),
  ofLeaf(
    'dialled by address, has only names',
    ['CertNameMismatch'],
    64,
    { dns: ['localhost'] },
    { names: ['127.0.0.1'] },
  ),
  ofLeaf(
    'dialled by another address',
    ['CertNameMismatch'],
    64,
    { dns: [], ip: ['10.0.0.1'] },
    { names: ['10.0.0.2'] },
  ),
  ofNames('an address among the DNS names', ['CertBadName'], 'ok', [HOST, '10.0.0.1'], [HOST]),
  ofNames(
    'an address among the DNS names, dialled by it',
    ['CertBadName', 'CertNameMismatch'],
    64,
    ['10.0.0.1'],
    ['10.0.0.1'],
  ),
  ofNames('a lone wildcard', ['CertBadName', 'CertNameMismatch'], 62, ['*'], [HOST]),
  ofNames(
    'a wildcard over a top-level domain',
    ['CertBadName', 'CertNameMismatch'],
    62,
    ['*.example'],
    [HOST],
  ),
  ofNames(
    'a wildcard inside a label',
    ['CertBadName', 'CertNameMismatch'],
    'ok',
    ['bro*.broker.example'],
    ['broker.broker.example'],
  ),
  ofNames('two wildcards', ['CertBadName', 'CertNameMismatch'], 62, ['*.*.example'], ['a.b.example']),
  ofNames('a wildcard behind the first label', ['CertBadName'], 'ok', [HOST, 'broker.*.svc'], [HOST]),
  ofNames('a URL as a name', ['CertBadName'], 'ok', [HOST, 'https://broker.example'], [HOST]),
  ofNames('a port in a name', ['CertBadName'], 'ok', [HOST, 'broker.example:6651'], [HOST]),
  ofNames('a space in a name', ['CertBadName'], 'ok', [HOST, 'broker .example'], [HOST]),
  ofNames('an empty label', ['CertBadName'], 'ok', [HOST, 'broker..example'], [HOST]),
  ofNames('a label of 64 characters', ['CertBadName'], 'ok', [HOST, `${'a'.repeat(64)}.example`], [HOST]),
  ofNames(
    'a name of 254 characters',
    ['CertBadName'],
    'ok',
    [HOST, `${'abcdefg.'.repeat(30)}${'a'.repeat(14)}`],
    [HOST],
  ),
  ofLeaf('a common name of 65 bytes', ['CertBadName'], 'ok', { subject: `CN=${'a'.repeat(65)}` }),
];

export const badUsages: readonly InspectCase[] = [
  ofLeaf('server with client usage only', ['CertWrongUsage'], 26, { usages: [CLIENT_AUTH] }),
  ofLeaf(
    'client with server usage only',
    ['CertWrongUsage'],
    26,
    { usages: [SERVER_AUTH] },
    { usages: ['client auth'] },
  ),
  ofLeaf(
    'server that must be client too',
    ['CertWrongUsage'],
    26,
    { usages: [SERVER_AUTH] },
    { usages: ['client auth', 'server auth'] },
  ),
  ofLeaf('code signing', ['CertWrongUsage'], 26, { usages: [CODE_SIGNING] }),
  ofLeaf('any usage, which OpenSSL does not take for server auth', ['CertWrongUsage'], 26, {
    usages: [ANY_USAGE],
  }),
  ofIntermediate('intermediate for clients only', ['CertWrongUsage'], 26, { usages: [CLIENT_AUTH] }),
  ofIntermediate('intermediate for code signing', ['CertWrongUsage'], 26, { usages: [CODE_SIGNING] }),
  ofLeaf('EC leaf that may only encipher keys', ['CertWrongUsage'], 'ok', { keyUsages: ['keyEncipherment'] }),
  ofLeaf('RSA leaf that may only encipher keys', ['CertWrongUsage'], 'ok', {
    kind: 'rsa-2048',
    keyUsages: ['keyEncipherment'],
  }),
  ofLeaf('leaf that may only sign revocation lists', ['CertWrongUsage'], 26, { keyUsages: ['cRLSign'] }),
];

const rsa = forgeAuthority({ subject: 'CN=RSA root', kind: 'rsa-2048' });
const ofRsa = (hash: 'md5' | 'sha1') => file(forge({ issuer: rsa, dns: [HOST], hash }));

export const badKeys: readonly InspectCase[] = [
  ofLeaf('RSA of 1024 bits', ['CertWeakKey'], 66, { kind: 'rsa-1024' }),
  ofLeaf('RSA of 512 bits', ['CertWeakKey'], 66, { kind: 'rsa-512' }),
  ofLeaf('RSA of 2047 bits', ['CertWeakKey'], 'ok', { kind: 'rsa-2047' }),
  ofIntermediate('intermediate with RSA of 1024 bits', ['CertWeakKey'], 67, { kind: 'rsa-1024' }),
  ofRoot('root with RSA of 1024 bits', ['CertWeakKey'], 67, { kind: 'rsa-1024' }),
  ofLeaf('curve P-192', ['CertWeakKey'], 66, { kind: 'p192' }),
  ofLeaf('curve secp256k1', ['CertWeakKey'], 'ok', { kind: 'secp256k1' }),
  ofLeaf('DSA', ['CertWeakKey'], 66, { kind: 'dsa' }),
  ofFile('another key', ['CertKeyMismatch'], 'ok', file(leaf, intermediate), { key: root.keyPem }),
  ofFile('a key of another type', ['CertKeyMismatch'], 'ok', file(leaf, intermediate), { key: rsa.keyPem }),
  ofFile(
    'another key in the same file',
    ['CertKeyMismatch'],
    'ok',
    file(leaf, intermediate, intermediate.keyPem),
  ),
  ofLeaf('ECDSA over SHA-1', ['CertWeakSignature'], 68, { hash: 'sha1' }),
  ofFile('RSA over SHA-1', ['CertWeakSignature'], 68, ofRsa('sha1'), { trust: rsa.pem }),
  ofFile('RSA over MD5', ['CertWeakSignature'], 68, ofRsa('md5'), { trust: rsa.pem }),
  ofIntermediate('intermediate signed over SHA-1', ['CertWeakSignature'], 68, { hash: 'sha1' }),
];

export const badForms: readonly InspectCase[] = [
  ofLeaf('negative serial number', ['CertMalformed'], 'ok', { serial: Buffer.from([0x81, 1, 2, 3]) }),
  ofLeaf('serial number of 21 bytes', ['CertMalformed'], 'ok', { serial: Buffer.alloc(21, 0x42) }),
  ofLeaf('version 1 with extensions', ['CertMalformed'], 'ok', { version: 'v1-extended' }),
  ofLeaf('the same extension twice', ['CertMalformed', 'CertNameMismatch'], 20, { namesTwice: true }),
  ofLeaf('two signature algorithms that differ', ['CertMalformed', 'CertBadSignature'], 7, {
    innerHash: 'sha384',
  }),
  ofLeaf('critical extension that nobody knows', ['CertUnknownCritical'], 34, { critical: [UNKNOWN_OID] }),
  ofIntermediate('critical extension in the intermediate', ['CertUnknownCritical'], 34, {
    critical: [UNKNOWN_OID],
  }),
  ofLeaf(
    '30 days of a short-lived authority',
    ['CertTooLongForMode'],
    'ok',
    { to: 29 },
    { mode: 'short-lived' },
  ),
  ofLeaf(
    '8 days of a short-lived authority',
    ['CertTooLongForMode'],
    'ok',
    { from: 0, to: 8 },
    { mode: 'short-lived' },
  ),
];
