import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { logTo } from '../runtime/log.js';
import { type Hub, hubOf } from './hub.js';
import type { Membership } from './membership.js';
import { recentOf } from './recent.js';

const MISSED = 3_000;
const BODY = JSON.stringify({ text: 'x'.repeat(2_000) });

let away = false;
const membership = {
  isMember: async () => true,
  membersOf: async () => {
    if (away) throw new Error('the database is away');
    return new Set(['ada', 'bo']);
  },
} as unknown as Membership;
const recent = recentOf({ events: 10_000, chars: 100_000_000 });
recent.begin({});
const id = (n: number) => `1:${n}:-1`;

let hub: Hub;
let server: Server;
beforeAll(async () => {
  hub = hubOf({
    ...{ membership, recent, maxPagesPerUser: 2, onPresence: () => undefined },
    log: logTo('test', 'silent'),
    stalledMs: 1_000,
  });
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

it('counts a page while it catches up, and cuts off one that takes nothing', async () => {
  const slow = [await open('ada'), await open('ada')];
  for (const page of slow) page.pause();
  expect(hub.isFull('ada')).toBe(true);
  const idle = await open('bo');
  const beat = setInterval(() => hub.toUsers(['bo'], 'reset', {}), 300);
  let heard = '';
  idle.on('data', chunk => (heard += String(chunk)));
  await expect.poll(() => hub.isFull('ada'), { timeout: 5_000 }).toBe(false);
  await expect.poll(() => hub.users().has('ada'), { timeout: 5_000 }).toBe(false);
  expect(hub.users().has('bo')).toBe(true);
  expect(heard).toContain('reset');
  clearInterval(beat);
  for (const page of [...slow, idle]) page.destroy();
  await expect.poll(() => hub.pages).toBe(0);
});

it('tells nothing before what came earlier, although it cannot know at once who may see that', async () => {
  const page = await open('bo');
  let heard = '';
  page.on('data', chunk => (heard += String(chunk)));
  await expect.poll(() => hub.users().has('bo')).toBe(true);
  away = true;
  const tell = (topic: 'audio' | 'results', at: string) => {
    const news = recent.add(topic, at, 'thread', BODY);
    if (news === undefined) throw new Error('no news');
    return hub.tell(news);
  };
  const first = tell('audio', id(MISSED + 10));
  await sleep(50);
  const second = tell('results', '2:1:-1');
  await sleep(50);
  away = false;
  await Promise.all([first, second]);
  await expect.poll(() => events(heard)).toBe(2);
  expect(heard.match(/^id: .*/gm)?.map(line => line.includes('2:1:-1'))).toEqual([false, true]);
  page.destroy();
  await expect.poll(() => hub.pages).toBe(0);
});

it('writes nothing more to a page that has been ended', async () => {
  const page = await open('bo');
  await expect.poll(() => hub.users().has('bo')).toBe(true);
  hub.close();
  const news = recent.add('audio', id(MISSED + 20), 'thread', BODY);
  if (news !== undefined) await hub.tell(news);
  page.resume();
  await new Promise(resolve => page.once('end', resolve));
});
