import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import getPort from 'get-port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFile } from '../testing/parts.js';
import { type ServiceProcess, startService } from '../testing/process.js';
import { eventually, recording, type VoicePlatform, voicePlatform } from '../testing/voice.js';
import { PASSWORD } from './testing/house.js';
import { type Person, personOf } from './testing/person.js';

describe('a front door that opens while broker and view are away', () => {
  let voice: VoicePlatform;
  let web: ServiceProcess;
  let thread: ServiceProcess | undefined;
  let ada: Person;
  let threadEnv: Readonly<Record<string, string>>;
  /** Where the broker will be found once it is there. */
  const doors: Server[] = [];
  const openings: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    voice = await voicePlatform();
    const folder = await mkdtemp(path.join(tmpdir(), 'alone-'));
    const key = await temporaryFile(randomBytes(32).toString('base64url'));
    const [webPort, threadPort] = [await getPort(), await getPort()];
    const url = `https://localhost:${webPort}`;
    threadEnv = {
      ...voice.env,
      PORT: String(threadPort),
      DATABASE_FILE: path.join(folder, 'thread.db'),
      INTERNAL_KEY_FILE: key,
    };
    const seed = {
      users: [{ name: 'ada', password: PASSWORD }],
      threads: [{ id: 'friends', title: 'Friends', members: ['ada'] }],
    };
    web = await startService('web', {
      ...voice.env,
      ...(await later('PULSAR_SERVICE_URL')),
      ...(await later('PULSAR_WEBSOCKET_URL')),
      PORT: String(webPort),
      PUBLIC_URL: url,
      THREAD_URL: `https://localhost:${threadPort}`,
      INTERNAL_KEY_FILE: key,
      SESSION_KEY_FILE: await temporaryFile(randomBytes(32).toString('base64url')),
      SEED_FILE: await temporaryFile(JSON.stringify(seed)),
      DATABASE_FILE: path.join(folder, 'web.db'),
      CAPTIONS_AT_ONCE: '0',
    });
    ada = personOf(url, 'ada');
  });
  afterAll(async () => {
    await web?.stop();
    await thread?.stop();
    for (const door of doors) door.close();
    await voice?.close();
  });

  /** An address at which nobody is yet. */
  async function later(variable: string): Promise<Record<string, string>> {
    const { protocol, hostname, port } = new URL(voice.env[variable] ?? '');
    const own = await getPort();
    const door = createServer(socket => {
      const onward = connect(Number(port), hostname);
      socket.pipe(onward).pipe(socket);
      for (const one of [socket, onward]) one.on('error', () => [socket, onward].map(end => end.destroy()));
    });
    doors.push(door);
    openings.push(() => new Promise(resolve => door.listen(own, '127.0.0.1', resolve)));
    return { [variable]: `${protocol}//localhost:${own}` };
  }

  it('lets people in and keeps what they send, and tells it when they come', async () => {
    await web.ready();
    expect((await ada.signIn()).status).toBe(200);
    const begun = await ada.ask('POST', '/api/threads', { title: 'Alone' });
    expect(begun).toMatchObject({ status: 201, body: { members: [{ name: 'ada' }] } });
    const sent = await ada.send('friends', await ada.upload('friends', await recording()), randomUUID());
    expect(sent.status).toBe(202);
    expect(await ada.ask('GET', '/api/events')).toMatchObject({ status: 503, body: { code: 'NotReady' } });
    expect(await ada.ask('GET', '/api/threads')).toMatchObject({
      status: 503,
      body: { code: 'ViewUnavailable' },
    });

    for (const open of openings) await open();
    thread = await startService('thread', threadEnv);
    await thread.ready();
    await eventually(async () => {
      const { status, body } = await ada.ask('GET', '/api/threads/friends/messages');
      expect(status).toBe(200);
      expect(body.entries).toMatchObject([{ id: sent.body.id, author: 'ada' }]);
      expect(body.entries[0]).not.toHaveProperty('pending');
    });
    await eventually(() => expect(web.log().some(({ event }) => event === 'joined')).toBe(true));
    const listening = await ada.listen();
    expect(listening.status).toBe(200);
    const next = await ada.send('friends', await ada.upload('friends', await recording()));
    await eventually(() => expect(listening.entries.map(({ id }) => id)).toContain(next.body.id));
    listening.close();
  });
});
