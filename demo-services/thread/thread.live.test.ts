import { setTimeout as sleep } from 'node:timers/promises';
import { fetch } from 'undici';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { encode } from '../contract/index.js';
import { fetchDispatcher } from '../runtime/trust.js';
import { onEachDatabase } from '../testing/databases.js';
import { temporaryFile } from '../testing/parts.js';
import { type ServiceProcess, startService } from '../testing/process.js';
import { eventually, type VoicePlatform, voicePlatform } from '../testing/voice.js';
import type { Entry } from './entry.js';
import { said, transcriptOf } from './testing/said.js';

const KEY = 'k'.repeat(43);
const COUNT = 400;

onEachDatabase('the thread service', newDatabase => {
  let voice: VoicePlatform;
  let service: ServiceProcess;
  let env: Record<string, string>;
  beforeAll(async () => {
    voice = await voicePlatform();
    env = {
      ...voice.env,
      ...(await newDatabase()),
      INTERNAL_KEY_FILE: await temporaryFile(KEY),
    };
    service = await startService('thread', env);
    await service.ready();
  });
  afterAll(async () => {
    await service.stop();
    await voice.close();
  });

  async function ask(page: string, body: unknown, key = KEY) {
    const answer = await fetch(`${service.url}${page}`, {
      method: 'POST',
      dispatcher: fetchDispatcher(inject('platform').trust),
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as never };
  }
  async function allOf(thread: string): Promise<Entry[]> {
    const entries: Entry[] = [];
    for (let cursor: object = { at: 'newest' }; ; ) {
      const { body } = await ask('/view/page', { thread, cursor, limit: 200 });
      const page = body as { entries: Entry[]; hasBefore: boolean };
      entries.unshift(...page.entries);
      if (!page.hasBefore) return entries;
      cursor = { at: 'before', id: page.entries[0]?.id };
    }
  }

  it('has every message once, in order, though it is killed again and again while they come', async () => {
    const messages = Array.from({ length: COUNT }, (_, i) => said({ thread: `t${i % 4}` }));
    let sending = true;
    const killing = (async () => {
      for (let kills = 0; kills < 4 && sending; kills++) {
        await sleep(200 + Math.random() * 600);
        service.signal('SIGKILL');
        await service.ended;
        service = await startService('thread', { ...env, PORT: new URL(service.url).port });
        await service.ready();
      }
    })();
    for (const one of messages) {
      await voice.sendRaw('audio', encode(one), one.thread);
      await voice.sendRaw('results', encode(transcriptOf(one, `said ${one.id}`)), one.thread);
      await sleep(4);
    }
    sending = false;
    await killing;
    for (const thread of ['t0', 't1', 't2', 't3']) {
      // Topics are read side by side: a result may be there before what it is the result of.
      await eventually(async () => {
        const entries = await allOf(thread);
        const wanted = messages.filter(one => one.thread === thread).map(({ id }) => id);
        expect(entries.map(({ id }) => id)).toEqual(wanted);
        expect(entries.filter(({ message, result }) => !message || !result)).toEqual([]);
      });
    }
  });

  it('rebuilds the view from the log, byte for byte, and goes on with what comes', async () => {
    const { status, body } = await ask('/view/rebuild', {});
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { same: true, replaced: true, entries: { before: COUNT, after: COUNT } },
    });
    const late = said({ thread: 'late' });
    await voice.sendRaw('audio', encode(late), 'late');
    await eventually(async () => expect(await allOf('late')).toHaveLength(1));
  });

  it('answers nobody who lacks the key, and tells everybody whether it is alive', async () => {
    for (const page of ['/view/page', '/view/newest', '/view/entry', '/view/search', '/view/rebuild']) {
      expect(await ask(page, {}, 'x'.repeat(43))).toMatchObject({
        status: 401,
        body: { code: 'NotSignedIn' },
      });
    }
    expect((await service.get('/view/positions')).status).toBe(401);
    expect((await service.get('/health')).status).toBe(200);
    expect((await service.get('/metrics')).text).toMatch(/thread_messages_total\{topic="audio"/);
  });

  it.each([
    ['a limit beyond all', { thread: 't', cursor: { at: 'newest' }, limit: 1_000_000 }],
    ['a cursor to nowhere', { thread: 't', cursor: { at: 'sideways' }, limit: 1 }],
    ['no thread', { cursor: { at: 'newest' }, limit: 1 }],
    ['nothing', null],
  ])('refuses %s', async (_, body) => {
    expect(await ask('/view/page', body)).toMatchObject({ status: 400, body: { code: 'RequestInvalid' } });
  });

  it('stops when it is told to, quickly', async () => {
    const before = performance.now();
    service.signal('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(performance.now() - before).toBeLessThan(5_000);
    service = await startService('thread', env);
    await service.ready();
  });
});
