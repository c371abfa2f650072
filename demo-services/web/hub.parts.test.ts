import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Hub, hubOf } from './hub.js';
import type { Membership } from './membership.js';
import { recentOf } from './recent.js';

const MISSED = 3_000;
const BODY = JSON.stringify({ text: 'x'.repeat(2_000) });

const membership = {
  isMember: async () => true,
  membersOf: async () => new Set(['ada', 'bo']),
} as unknown as Membership;
const recent = recentOf({}, 10_000);
const id = (n: number) => `1:${n}:-1`;

let hub: Hub;
let server: Server;
beforeAll(async () => {
  hub = hubOf({ membership, recent, maxPagesPerUser: 5, onPresence: () => undefined });
  recent.add('audio', id(0), 'thread', BODY);
  server = createServer((request, response) => {
    const page = { user: request.url?.slice(1) ?? '', response };
    response.on('close', () => hub.leave(page));
    response.flushHeaders();
    void hub.join(page, page.user === 'ada' ? { audio: id(0) } : undefined);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  for (let n = 1; n <= MISSED; n++) recent.add('audio', id(n), 'thread', BODY);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const open = (user: string) =>
  new Promise<IncomingMessage>(resolve => {
    get({ port: (server.address() as AddressInfo).port, path: `/${user}`, agent: false }, resolve);
  });
const events = (text: string) => text.split('event: entry').length - 1;

it('lets a page that missed megabytes and reads slowly catch up, and holds nobody else up meanwhile', async () => {
  const [slow, quick] = [await open('ada'), await open('bo')];
  slow.pause();
  let heard = '';
  quick.on('data', chunk => (heard += String(chunk)));
  await sleep(50);
  const news = recent.add('audio', id(MISSED + 1), 'thread', BODY);
  if (news === undefined) throw new Error('no news');
  await hub.tell(news);
  await expect.poll(() => events(heard)).toBe(1);
  let caught = '';
  slow.on('data', chunk => (caught += String(chunk)));
  slow.resume();
  await expect.poll(() => events(caught), { timeout: 10_000 }).toBe(MISSED + 1);
  expect(hub.pages).toBe(2);
  slow.destroy();
  quick.destroy();
});

it('writes nothing more to a page that has been ended', async () => {
  const page = await open('bo');
  await expect.poll(() => hub.users().has('bo')).toBe(true);
  hub.close();
  const news = recent.add('audio', id(MISSED + 2), 'thread', BODY);
  if (news !== undefined) await hub.tell(news);
  page.resume();
  await new Promise(resolve => page.once('end', resolve));
});
