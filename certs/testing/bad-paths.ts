import {
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
} from './case.js';
import { forge, forgeAuthority, newTestKey, tamper } from './forge.js';

const upper = forgeAuthority({ subject: 'CN=upper intermediate', issuer: root, to: 2000 });
const lower = forgeAuthority({ subject: 'CN=lower issuing', issuer: upper, to: 1000 });
const deep = forge({ issuer: lower, dns: [HOST] });
const foreignRoot = forgeAuthority({ subject: 'CN=foreign root' });
const foreignIntermediate = forgeAuthority({ subject: 'CN=foreign intermediate', issuer: foreignRoot });
const foreignLeaf = forge({ issuer: foreignIntermediate, dns: [HOST] });
const direct = forge({ issuer: root, dns: [HOST] });

export const badDates: readonly InspectCase[] = [
  ofLeaf('leaf expired yesterday', ['CertExpired'], 10, { from: -90, to: -1 }),
  ofLeaf('leaf expired years ago', ['CertExpired'], 10, { from: -2000, to: -1000 }),
  ofLeaf('leaf expired a minute ago', ['CertExpired'], 10, { to: -1 / 1440 }),
  ofIntermediate('intermediate expired', ['CertExpired', 'CertOutlivesIssuer'], 10, { from: -90, to: -1 }),
  ofRoot('root expired', ['CertExpired', 'CertOutlivesIssuer'], 10, { from: -90, to: -1 }),
  ofLeaf('leaf not valid yet', ['CertNotYetValid'], 9, { from: 1 }),
  ofLeaf('leaf of a clock an hour ahead', ['CertNotYetValid'], 9, { from: 1 / 24 }),
  ofIntermediate('intermediate not valid yet', ['CertNotYetValid'], 9, { from: 1 }),
  ofRoot('root not valid yet', ['CertNotYetValid'], 9, { from: 1 }),
  ofLeaf('leaf ends before it begins', ['CertNeverValid'], 9, { from: 10, to: 5 }),
  ofLeaf('90-day leaf with 2 days left', ['CertExpiring'], 'ok', { from: -88, to: 2 }),
  ofLeaf('7-day leaf with a day left', ['CertExpiring'], 'ok', { from: -6, to: 1 }),
  ofLeaf('365-day leaf with 20 days left', ['CertExpiring'], 'ok', { from: -345, to: 20 }),
  ofLeaf('leaf with an hour left', ['CertExpiring'], 'ok', { to: 1 / 24 }),
  ofLeaf(
    'leaf that ends within the time asked for',
    ['CertExpiring'],
    'ok',
    {},
    { expiresWithinSeconds: 61 * 86_400 },
  ),
  ofLeaf('leaf that outlives its intermediate', ['CertOutlivesIssuer'], 'ok', { to: 2000 }),
  ofIntermediate('intermediate that outlives its root', ['CertOutlivesIssuer'], 'ok', { to: 4000 }),
];

export const badOrders: readonly InspectCase[] = [
  ofFile('intermediate before the leaf', ['CertWrongOrder'], 'ok', file(intermediate, leaf), {
    leaf: leaf.pem,
  }),
  ofFile(
    'root before the intermediate',
    ['CertWrongOrder', 'CertRootInChain'],
    'ok',
    file(leaf, root, intermediate),
  ),
  ofFile('upside down', ['CertWrongOrder', 'CertRootInChain'], 'ok', file(root, intermediate, leaf), {
    leaf: leaf.pem,
  }),
  ofFile('intermediates swapped', ['CertWrongOrder'], 'ok', file(deep, upper, lower)),
  ofFile('three levels upside down', ['CertWrongOrder'], 'ok', file(upper, lower, deep), { leaf: deep.pem }),
  ofFile('root in the chain', ['CertRootInChain'], 'ok', file(leaf, intermediate, root)),
  ofFile('root in the chain of a leaf that it signed itself', ['CertRootInChain'], 'ok', file(direct, root)),
  ofFile('root in the chain, trust unknown', ['CertRootInChain'], 19, file(leaf, intermediate, root), {
    trust: undefined,
  }),
  ofFile('intermediate twice', ['CertDuplicate'], 'ok', file(leaf, intermediate, intermediate)),
  ofFile('leaf twice', ['CertDuplicate'], 'ok', file(leaf, leaf, intermediate)),
  ofFile('foreign root in the chain', ['CertUnrelated'], 'ok', file(leaf, intermediate, foreignRoot)),
  ofFile(
    'foreign intermediate in the chain',
    ['CertUnrelated'],
    'ok',
    file(leaf, intermediate, foreignIntermediate),
  ),
  ofFile('two leaves in one file', ['CertUnrelated'], 'ok', file(leaf, intermediate, direct)),
];

const otherRoot = forgeAuthority({ subject: 'CN=root 2' });
const crossSigned = forgeAuthority({
  subject: 'CN=intermediate',
  issuer: otherRoot,
  key: intermediate.key,
  to: 1000,
});
const rekeyed = forgeAuthority({ subject: 'CN=intermediate', issuer: root, to: 1000 });
const rekeyedRoot = forgeAuthority();
const nameless = forgeAuthority({ keyId: 'none', authorityKeyId: 'none' });
const otherNameless = forgeAuthority({ keyId: 'none', authorityKeyId: 'none' });
const selfSigned = forge({ dns: [HOST] });

export const badTrust: readonly InspectCase[] = [
  // OpenSSL takes the first intermediate of that name and doesn't come back for the second.
  ofFile(
    'cross-signed, the way to the trusted root second',
    ['CertUntrusted'],
    20,
    file(leaf, intermediate, crossSigned),
    { trust: otherRoot.pem },
  ),
  ofFile('intermediate missing', ['CertMissingIntermediate'], 20, file(leaf)),
  ofFile('intermediate missing, trust unknown', ['CertMissingIntermediate'], 20, file(leaf), {
    trust: undefined,
  }),
  ofFile('root in its place', ['CertMissingIntermediate', 'CertUnrelated'], 20, file(leaf, root)),
  ofFile('upper intermediate missing', ['CertMissingIntermediate'], 20, file(deep, lower)),
  ofFile('lower intermediate missing', ['CertMissingIntermediate', 'CertUnrelated'], 20, file(deep, upper)),
  ofFile(
    'intermediate of the same name with another key',
    ['CertMissingIntermediate'],
    20,
    file(leaf, rekeyed),
  ),
  ofFile('foreign authority', ['CertUntrusted'], 20, file(foreignLeaf, foreignIntermediate)),
  ofFile(
    'foreign authority with its root',
    ['CertUntrusted', 'CertRootInChain'],
    19,
    file(foreignLeaf, foreignIntermediate, foreignRoot),
  ),
  ofFile('leaf of a foreign root', ['CertUntrusted'], 20, file(forge({ issuer: foreignRoot, dns: [HOST] }))),
  ofFile(
    'leaf of a foreign root with that root',
    ['CertUntrusted', 'CertRootInChain'],
    19,
    file(forge({ issuer: foreignRoot, dns: [HOST] }), foreignRoot),
  ),
  ofFile('root replaced under the same name', ['CertUntrusted'], 20, file(leaf, intermediate), {
    trust: rekeyedRoot.pem,
  }),
  ofFile(
    'root without key ids replaced under the same name',
    ['CertUntrusted'],
    7,
    file(forge({ issuer: nameless, dns: [HOST], authorityKeyId: 'none' })),
    { trust: otherNameless.pem },
  ),
  ofFile('only the intermediate is trusted', ['CertUntrusted'], 2, file(leaf, intermediate), {
    trust: intermediate.pem,
  }),
  ofFile('self-signed leaf', ['CertSelfSigned'], 18, file(selfSigned)),
  ofFile('self-signed leaf, trust unknown', ['CertSelfSigned'], 18, file(selfSigned), { trust: undefined }),
  ofFile(
    'self-signed authority as a server',
    ['CertSelfSigned'],
    18,
    file(forgeAuthority({ dns: [HOST], keyUsages: ['digitalSignature', 'keyCertSign'] })),
  ),
];

const named = forgeAuthority({ subject: 'CN=intermediate', issuer: root, dns: [HOST], to: 1000 });
const impostorKey = newTestKey('p256');
const impostor = { ...intermediate, key: impostorKey };
const signedTwice = forgeAuthority({ subject: 'CN=intermediate', issuer: { ...root, key: impostorKey } });

export const badSignatures: readonly InspectCase[] = [
  ofFile('a name of the leaf was changed', ['CertBadSignature'], 7, file(tamper(leaf, HOST), intermediate), {
    names: ['broker.examplx'],
  }),
  ofFile(
    'the intermediate was changed',
    ['CertBadSignature'],
    7,
    file(forge({ issuer: named, dns: [HOST] }), tamper(named, HOST)),
  ),
  ofFile(
    "leaf signed by a key that is not the issuer's",
    ['CertBadSignature'],
    7,
    file(forge({ issuer: impostor, dns: [HOST] }), intermediate),
  ),
  ofFile(
    'the same without key ids',
    ['CertBadSignature'],
    7,
    file(forge({ issuer: impostor, dns: [HOST], authorityKeyId: 'none' }), intermediate),
  ),
  ofFile(
    "intermediate signed by a key that is not the root's",
    ['CertBadSignature'],
    7,
    file(forge({ issuer: signedTwice, dns: [HOST] }), signedTwice),
  ),
  ofLeaf('key id of another issuer', ['CertKeyIdMismatch'], 20, { authorityKeyId: Buffer.alloc(20, 7) }),
  ofIntermediate('key id of another root', ['CertKeyIdMismatch'], 20, {
    authorityKeyId: Buffer.alloc(20, 7),
  }),
];
