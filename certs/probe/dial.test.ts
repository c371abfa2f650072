import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { file, HOST, intermediate, leaf, root } from '../testing/case.js';
import { CLIENT_AUTH, forge, forgeAuthority } from '../testing/forge.js';
import { servers } from '../testing/servers.js';
import { dial, type Identity } from './dial.js';
import { type NegativeName, negativesOf, probeNegative } from './negatives.js';
import { SPOKEN } from './protocols.js';

const { plain, tls, close } = servers();
afterEach(close);

const server = { key: leaf.keyPem, cert: file(leaf, intermediate) };
const mutual = { ...server, requestCert: true, ca: root.pem };
const own = forge({ subject: 'CN=web', issuer: intermediate, usages: [CLIENT_AUTH] });
const foreign = forge({ subject: 'CN=web', issuer: forgeAuthority(), usages: [CLIENT_AUTH] });
const me: Identity = { trust: root.pem, certificate: file(own, intermediate), key: own.keyPem };
const foreigner = { certificate: foreign.pem, key: foreign.keyPem };
const answering = (socket: NodeJS.ReadWriteStream) =>
  socket.once('data', () => socket.end('HTTP/1.1 401 No\r\n\r\n'));

const { greeting = Buffer.alloc(0) } = SPOKEN.https;
const target = (port: number) =>
  ({ host: '127.0.0.1', port, name: HOST, begins: 'direct', greeting }) as const;

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('dialling a server of %s', version => {
  const only = { minVersion: version, maxVersion: version };

  it('is accepted when both sides are what they should be', async () => {
    const port = await tls({ ...mutual, ...only }, answering);
    expect(await dial(target(port), me)).toEqual({ kind: 'accepted', version });
  });

  it('is refused by the server without a client certificate, and with a foreign one', async () => {
    const port = await tls({ ...mutual, ...only }, answering);
    const without = await dial(target(port), { trust: root.pem });
    const other = await dial(target(port), { trust: root.pem, ...foreigner });
    expect([without, other]).toMatchObject([
      { kind: 'refused', by: 'peer' },
      { kind: 'refused', by: 'peer' },
    ]);
  });

  it.each([
    ['a name that is not in its certificate', { name: 'other.example' }, {}, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['a root that did not sign it', {}, { trust: forgeAuthority().pem }, /CERT|ISSUER|SIGNATURE/],
  ])('refuses a server with %s', async (_, where, identity, reason) => {
    const port = await tls({ ...server, ...only }, answering);
    const outcome = await dial({ ...target(port), ...where }, { ...me, ...identity });
    expect(outcome).toMatchObject({ kind: 'refused', by: 'us', reason: expect.stringMatching(reason) });
  });

  it.each([
    ['a key that is not the one of its certificate', { key: foreign.keyPem }],
    ['a certificate that is damaged', { certificate: own.pem.replace(/\n.{64}\n/, '\n') }],
    ['a key that is none', { key: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n' }],
  ])('says that it is our own file, and not the server, with %s', async (_, broken) => {
    const port = await tls({ ...mutual, ...only }, answering);
    expect(await dial(target(port), { ...me, ...broken })).toMatchObject({
      ...{ kind: 'refused', by: 'us', reason: expect.stringContaining('its own certificate, key or roots') },
    });
  });

  it('refuses an expired server', async () => {
    const expired = forge({ issuer: intermediate, dns: [HOST], from: -9, to: -1 });
    const port = await tls({ key: expired.keyPem, cert: file(expired, intermediate), ...only }, answering);
    expect(await dial(target(port), me)).toEqual({
      kind: 'refused',
      by: 'us',
      reason: 'CERT_HAS_EXPIRED',
    });
  });
});

it('gives a silent server up in time, however often memory is cleaned up meanwhile', async () => {
  setFlagsFromString('--expose-gc');
  const cleaning = setInterval(runInNewContext('gc') as () => void, 20);
  const port = await plain(() => undefined);
  try {
    expect(await dial(target(port), me, { timeoutMs: 300 })).toMatchObject({ kind: 'unreachable' });
  } finally {
    clearInterval(cleaning);
  }
});

it('knows a server that is not there from one that refuses', async () => {
  expect(await dial(target(1), me)).toEqual({ kind: 'unreachable', reason: 'ECONNREFUSED' });
});

describe('what must be refused', () => {
  const negative = async (name: NegativeName, port: number, protocol: keyof typeof SPOKEN = 'https') => {
    const subject = { target: target(port), protocol, tls: 'mutual', dialler: me, foreigner } as const;
    return probeNegative(name, subject);
  };
  const names = negativesOf({ protocol: 'https', tls: 'mutual' });

  it.each(names)('%s is refused by a good server', async name => {
    const port = await tls(mutual, answering);
    expect(await negative(name, port)).toMatchObject({ name, outcome: 'refused' });
  });

  it.each(names)('%s is not counted as refused when nobody is there', async name => {
    expect(await negative(name, 1)).toEqual({ name, outcome: 'notShown', how: 'ECONNREFUSED' });
  });

  it('no and foreign client certificates are seen to be accepted by a server that demands none', async () => {
    const port = await tls(server, answering);
    expect(await negative('noClientCertificate', port)).toMatchObject({ outcome: 'accepted' });
    expect(await negative('foreignClientCertificate', port)).toMatchObject({ outcome: 'accepted' });
  });

  it('TLS 1.1 is seen to be accepted by a server that still speaks it', async () => {
    const port = await tls({ ...server, minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }, answering);
    expect(await negative('tls11', port)).toEqual({
      name: 'tls11',
      outcome: 'accepted',
      how: 'it goes on in TLS 1.1 or older',
    });
  });

  it('a name for everything is seen to be accepted', async () => {
    const every = forge({ issuer: intermediate, dns: [HOST, 'wrong.invalid'] });
    const port = await tls({ ...mutual, key: every.keyPem, cert: file(every, intermediate) }, answering);
    expect(await negative('wrongName', port)).toMatchObject({ outcome: 'accepted' });
  });

  it.each([
    ['https', 'HTTP/1.1 200 OK\r\n\r\n', false],
    ['https', 'HTTP/1.1 403 Forbidden\r\n\r\n', false],
    ['https', 'HTTP/1.1 400 The plain HTTP request was sent to HTTPS port\r\n\r\n', true],
    ['https', 'HTTP/1.1 301 Moved\r\nLocation: https://here/\r\n\r\n', true],
    ['zookeeper+tls', 'Zookeeper version: 3.9.4\n', false],
    ['pulsar+ssl', Buffer.from('000000110000000d080ec2020801 1206776861743f'.replace(' ', ''), 'hex'), false],
    ['bookkeeper+tls', Buffer.from('0000000d0a0608031008180110 00ca0600'.replace(' ', ''), 'hex'), false],
    ['bookkeeper+tls', Buffer.from('0000000b0a06080310081801 10f603'.replace(' ', ''), 'hex'), true],
    ['postgres+tls', 'R\0\0\0\x08', false],
    ['postgres+tls', 'E\0\0\0\x08', true],
    ['https', Buffer.from('15030300020228', 'hex'), true],
    ['pulsar+ssl', Buffer.from('15030300020228', 'hex'), true],
    ['bookkeeper+tls', Buffer.from('15030300020228', 'hex'), true],
    ['zookeeper+tls', Buffer.from('15030300020228', 'hex'), true],
  ] as const)('plain text: %s that answers %j, refused: %s', async (protocol, answer, refused) => {
    const port = await plain(socket => socket.once('data', () => socket.end(answer)));
    expect(await negative('plainText', port, protocol)).toMatchObject({
      outcome: refused ? 'refused' : 'accepted',
    });
  });
});
