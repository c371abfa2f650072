import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newForeigner } from '../audit/foreigner.js';
import { startBookKeeper, type TestBookKeeper } from '../testing/bookkeeper.js';
import { file, intermediate, root } from '../testing/case.js';
import { forge, forgeAuthority } from '../testing/forge.js';
import { isOpen } from '../testing/java-parts.js';
import { ADDRESSES, startZooKeepers, type TestZooKeepers } from '../testing/zookeepers.js';
import { dial } from './dial.js';
import { look } from './look.js';
import { type NegativeName, type NegativeSubject, negativesOf, probeNegative } from './negatives.js';
import { SPOKEN, spokenOn } from './protocols.js';

const server = forge({ issuer: intermediate, dns: ['localhost', 'zookeeper-0'], ip: ADDRESSES });
const me = { trust: root.pem, certificate: file(server, intermediate), key: server.keyPem };

let foreigner: Awaited<ReturnType<typeof newForeigner>>;
let bookkeeper: TestBookKeeper;
let zookeepers: TestZooKeepers;
beforeAll(async () => {
  foreigner = await newForeigner();
  bookkeeper = await startBookKeeper(me);
  zookeepers = await startZooKeepers(me);
});
afterAll(() => Promise.all([bookkeeper?.stop(), zookeepers?.stop()]));

const negative = (name: NegativeName, at: Pick<NegativeSubject, 'target' | 'protocol'>) =>
  probeNegative(name, { ...at, tls: 'mutual', dialler: me, foreigner });

describe.each(['bookkeeper+tls', 'zookeeper+tls'] as const)('a real %s with mutual TLS', protocol => {
  const target = () => ({
    host: '127.0.0.1',
    port: protocol === 'bookkeeper+tls' ? bookkeeper.bookie : bookkeeper.zookeeper,
    name: 'localhost',
    ...SPOKEN[protocol],
  });

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
      const refused = { name, outcome: 'refused' };
      expect(await negative(name, { target: target(), protocol })).toMatchObject(refused);
    },
  );

  it('is asked in plain text: a bookie answers although its TLS is on, ZooKeeper does not', async () => {
    const { outcome } = await negative('plainText', { target: target(), protocol });
    expect(outcome).toBe(protocol === 'zookeeper+tls' ? 'refused' : 'accepted');
  });
});

it('a real bookie serves what a mounted Secret says now, and trusts whom it names', async () => {
  const other = forgeAuthority({ subject: 'CN=other root' });
  const renewed = forge({ issuer: other, dns: ['localhost'] });
  const after = { trust: root.pem + other.pem, certificate: renewed.pem, key: renewed.keyPem };
  const target = {
    host: '127.0.0.1',
    port: bookkeeper.bookie,
    name: 'localhost',
    ...SPOKEN['bookkeeper+tls'],
  };
  expect(await dial(target, after)).toMatchObject({ kind: 'refused', by: 'peer' });
  await bookkeeper.renew(after);
  const served = async () => (await look(target)).chain[0]?.equals(renewed.der);
  await expect.poll(served, { timeout: 20_000, interval: 500 }).toBe(true);
  expect(await dial(target, after)).toMatchObject({ kind: 'accepted' });
  expect(await dial(target, { ...me, trust: after.trust })).toMatchObject({ kind: 'accepted' });
});

/** As a forwarded port leads there: by the loopback of the pod, not by its own address. */
describe('real ZooKeepers among themselves, asked at 127.0.0.1', () => {
  const protocol = 'zookeeper-election+tls';

  const target = (at: number) => ({
    ...{ host: '127.0.0.1', port: zookeepers.election[at] ?? 0, name: 'zookeeper-0' },
    ...spokenOn(protocol),
  });

  it.each([0, 1, 2])(
    'number %i shows its certificate at its election port, and accepts another one',
    async at => {
      const { chain } = await look(target(at));
      expect(chain[0]?.equals(server.der)).toBe(true);
      expect(await dial(target(at), me)).toMatchObject({ kind: 'accepted', version: 'TLSv1.2' });
    },
  );

  it.each(negativesOf({ protocol, tls: 'mutual' }))('refuse %s', async name => {
    const refused = { name, outcome: 'refused' };
    expect(await negative(name, { target: target(0), protocol })).toMatchObject(refused);
  });

  it('have one leader still, who alone listens at its quorum port', async () => {
    const open = await Promise.all(zookeepers.quorum.map(isOpen));
    expect(open.filter(Boolean)).toHaveLength(1);
  });
});
