import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newForeigner } from '../audit/foreigner.js';
import { isOpen } from '../testing/bookkeeper.js';
import { file, intermediate, root } from '../testing/case.js';
import { forge } from '../testing/forge.js';
import { ADDRESSES, startZooKeepers, type TestZooKeepers } from '../testing/zookeepers.js';
import { dial } from './dial.js';
import { look } from './look.js';
import { negativesOf, probeNegative } from './negatives.js';
import { spokenOn } from './protocols.js';

const PROTOCOL = 'zookeeper-election+tls';
const server = forge({ issuer: intermediate, dns: ['zookeeper-0'], ip: ADDRESSES });
const me = { trust: root.pem, certificate: file(server, intermediate), key: server.keyPem };

let parts: TestZooKeepers;
let foreigner: Awaited<ReturnType<typeof newForeigner>>;
beforeAll(async () => {
  foreigner = await newForeigner();
  parts = await startZooKeepers({ certificate: me.certificate, key: me.key, trust: root.pem });
});
afterAll(() => parts?.stop());

/** As a forwarded port leads there: by the loopback of the pod, not by its own address. */
describe('real ZooKeepers among themselves, asked at 127.0.0.1', () => {
  const target = (server: number) => ({
    ...{ host: '127.0.0.1', port: parts.election[server] ?? 0, name: 'zookeeper-0' },
    ...spokenOn(PROTOCOL),
  });

  it.each([0, 1, 2])(
    'number %i shows its certificate at its election port, and accepts another one',
    async at => {
      const { chain } = await look(target(at));
      expect(chain[0]?.equals(server.der)).toBe(true);
      expect(await dial(target(at), me)).toMatchObject({ kind: 'accepted', version: 'TLSv1.2' });
    },
  );

  it.each(negativesOf({ protocol: PROTOCOL, tls: 'mutual' }))('refuse %s', async name => {
    const subject = { target: target(0), protocol: PROTOCOL, tls: 'mutual', dialler: me, foreigner } as const;
    expect(await probeNegative(name, subject)).toMatchObject({ name, outcome: 'refused' });
  });

  it('have one leader still, who alone listens at its quorum port', async () => {
    const open = await Promise.all(parts.quorum.map(isOpen));
    expect(open.filter(Boolean)).toHaveLength(1);
  });
});
