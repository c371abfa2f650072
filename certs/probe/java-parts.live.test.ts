import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newForeigner } from '../audit/foreigner.js';
import { startBookKeeper, type TestBookKeeper } from '../testing/bookkeeper.js';
import { file, intermediate, root } from '../testing/case.js';
import { forge } from '../testing/forge.js';
import { dial } from './dial.js';
import { look } from './look.js';
import { negativesOf, probeNegative } from './negatives.js';
import { SPOKEN } from './protocols.js';

const server = forge({ issuer: intermediate, dns: ['localhost'] });
const me = { trust: root.pem, certificate: file(server, intermediate), key: server.keyPem };

let parts: TestBookKeeper;
let foreigner: Awaited<ReturnType<typeof newForeigner>>;
beforeAll(async () => {
  foreigner = await newForeigner();
  parts = await startBookKeeper({ certificate: me.certificate, key: me.key, trust: root.pem });
});
afterAll(() => parts?.stop());

describe.each(['bookkeeper+tls', 'zookeeper+tls'] as const)('a real %s with mutual TLS', protocol => {
  const target = () => ({
    host: '127.0.0.1',
    port: protocol === 'bookkeeper+tls' ? parts.bookie : parts.zookeeper,
    name: 'localhost',
    ...SPOKEN[protocol],
  });
  const negative = (name: Parameters<typeof probeNegative>[0]) =>
    probeNegative(name, { target: target(), protocol, tls: 'mutual', dialler: me, foreigner });

  it('shows its certificate to somebody who has none', async () => {
    const { chain } = await look(target());
    expect(chain[0]?.equals(server.der)).toBe(true);
  });

  it('accepts a client of the platform', async () => {
    expect(await dial(target(), me)).toMatchObject({ kind: 'accepted' });
  });

  it.each(negativesOf({ protocol, tls: 'mutual' }).filter(name => name !== 'plainText'))(
    'refuses %s',
    async name => {
      expect(await negative(name)).toMatchObject({ name, outcome: 'refused' });
    },
  );

  it('is asked in plain text: a bookie answers although its TLS is on, ZooKeeper does not', async () => {
    expect((await negative('plainText')).outcome).toBe(protocol === 'zookeeper+tls' ? 'refused' : 'accepted');
  });
});
