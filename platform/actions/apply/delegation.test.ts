import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nameServersOf } from '../../edges/name-servers.js';
import type { ResourceChange } from '../../edges/stacks.js';
import { silent } from '../../report.js';
import { awaitsDelegation, expectDelegation } from './delegation.js';

const DOMAIN = 'voice.example.com';
const ZONE = ['ns-1.awsdns-01.org', 'ns-2.awsdns-02.com'];

/** A DNS server on loopback that gives NS records for every name, or says that there is none. */
const records: { of: readonly string[] } = { of: [] };
const dns = createSocket('udp4');
let server: string;
beforeAll(async () => {
  dns.on('message', (query, from) => {
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(records.of.length === 0 ? 0x8183 : 0x8180, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.of.length, 6);
    const answers = records.of.map(host => {
      const labels = host.split('.').map(label => Buffer.from([label.length, ...Buffer.from(label)]));
      const name = Buffer.concat([...labels, Buffer.from([0])]);
      // A pointer to the name that was asked for, type NS, class IN, 60 seconds.
      return Buffer.concat([Buffer.from([0xc0, 12, 0, 2, 0, 1, 0, 0, 0, 60, 0, name.length]), name]);
    });
    dns.send(Buffer.concat([header, question, ...answers]), from.port, from.address);
  });
  await new Promise<void>(resolve => dns.bind(0, '127.0.0.1', resolve));
  server = `127.0.0.1:${(dns.address() as AddressInfo).port}`;
});
afterAll(() => dns.close());

async function told(ns: readonly string[], more: object = {}) {
  records.of = ns;
  const said: string[] = [];
  const say = (_: string, text: string) => said.push(text);
  await expectDelegation({
    ...{ domain: DOMAIN, nameServers: ZONE, ignored: false },
    ask: domain => nameServersOf(domain, [server]),
    report: { ...silent, warning: say, success: say },
    ...more,
  });
  return said;
}

it('goes on when DNS leads to the zone', async () => {
  expect(await told([...ZONE].reverse().map(host => host.toUpperCase()))).toEqual([
    `${DOMAIN} is delegated to its zone`,
  ]);
});

it.each([
  ['nothing', [], 'no name servers'],
  ['another zone', ['ns1.elsewhere.net'], 'ns1.elsewhere.net'],
])('stops with the records for the parent when DNS leads to %s', async (_, seen, saw) => {
  await expect(told(seen)).rejects.toMatchObject({
    code: 'ZoneNotDelegated',
    // Nothing was waited for, and the network is there.
    timedOut: false,
    refused: false,
    saw,
    want: `${DOMAIN}. NS ns-1.awsdns-01.org.\n${DOMAIN}. NS ns-2.awsdns-02.com.`,
  });
});

it.each([
  ['no DNS server answers', { ask: async () => undefined }],
  ['it is told to', { ignored: true }],
])('shows the records and goes on when %s', async (_, more) => {
  expect((await told([], more)).join()).toContain(`${DOMAIN}. NS ns-1.awsdns-01.org.`);
});

it('asks only before a certificate is made in a new zone', () => {
  const change = { stack: 'voice-edge', logicalId: 'a', action: 'create', replaces: false, properties: [] };
  const certificate = { ...change, type: 'AWS::CertificateManager::Certificate' } as ResourceChange;
  expect(awaitsDelegation('newZone', [certificate])).toBe(true);
  expect(awaitsDelegation('newZone', [{ ...certificate, action: 'change' }])).toBe(false);
  expect(awaitsDelegation('existingZone', [certificate])).toBe(false);
});
