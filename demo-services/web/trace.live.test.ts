import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startCollector } from '../testing/collector.js';
import { type ServiceProcess, startService, startSpeech } from '../testing/process.js';
import { eventually, recording } from '../testing/voice.js';
import { type House, openHouse } from './testing/house.js';
import { personOf } from './testing/person.js';

describe('a trace', () => {
  let collector: Awaited<ReturnType<typeof startCollector>>;
  let house: House;
  let speech: Awaited<ReturnType<typeof startSpeech>>;
  let transcriber: ServiceProcess;
  beforeAll(async () => {
    collector = await startCollector();
    [house, speech] = await Promise.all([
      openHouse({
        users: ['ada', 'bob'],
        threads: [{ id: 'friends', members: ['ada', 'bob'] }],
        env: collector.env,
      }),
      startSpeech(),
    ]);
    transcriber = await startService('transcriber', {
      ...house.voice.env,
      ...collector.env,
      OPENAI_BASE_URL: `${speech.url}/v1`,
      OPENAI_API_KEY_FILE: speech.keyFile,
      OPENAI_TRUST_FILE: inject('platform').trust,
    });
    await Promise.all([speech.ready(), transcriber.ready()]);
  });
  afterAll(async () => {
    await transcriber?.stop();
    await Promise.all([house?.close(), speech?.stop()]);
    await collector?.close();
  });

  it("leads from the browser's request to the transcript in the other one's page, over every service", async () => {
    const [ada, bob] = [personOf(house.url, 'ada'), personOf(house.url, 'bob')];
    await ada.signIn();
    await bob.signIn();
    const listening = await bob.listen();
    const [traceId, browser] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
    const upload = await ada.upload('friends', await recording());
    const { status, body } = await ada.ask(
      'POST',
      '/api/threads/friends/messages',
      { upload, createdAt: new Date().toISOString() },
      { 'idempotency-key': 'trace-me-please', traceparent: `00-${traceId}-${browser}-01` },
    );
    expect(status).toBe(202);
    await eventually(() =>
      expect(listening.entries).toContainEqual(
        expect.objectContaining({
          id: body.id,
          transcript: expect.objectContaining({ text: 'good morning everyone' }),
        }),
      ),
    );
    listening.close();
    const [result] = await house.voice.resultsOf(body.id);
    expect(result?.result.traceparent).toContain(traceId);

    const wanted = [
      'web POST /api/threads/:thread/messages',
      'web send',
      'web tell',
      'transcriber process',
      'thread apply',
      'web tell',
      'thread apply',
    ];
    const spans = await eventually(() => {
      const found = collector.spans.filter(span => span.traceId === traceId);
      expect(found.map(({ service, name }) => `${service} ${name}`).sort()).toEqual([...wanted].sort());
      return found;
    });
    const known = new Set([browser, ...spans.map(({ spanId }) => spanId)]);
    expect(spans.filter(({ parentSpanId = '' }) => !known.has(parentSpanId))).toEqual([]);
    const transcribing = spans.find(({ service }) => service === 'transcriber');
    const after = spans.filter(({ parentSpanId }) => parentSpanId === transcribing?.spanId);
    expect(after.map(({ service }) => service).sort()).toEqual(['thread', 'web']);
  });

  it('that no browser began begins at the front door', async () => {
    const ada = personOf(house.url, 'ada');
    await ada.signIn();
    const { body } = await ada.send('friends', await ada.upload('friends', await recording()));
    const [result] = await house.voice.resultsOf(body.id);
    const traceId = result?.result.traceparent?.split('-')[1];
    await eventually(() =>
      expect(collector.spans.filter(span => span.traceId === traceId).map(({ service }) => service)).toEqual(
        expect.arrayContaining(['web', 'transcriber', 'thread']),
      ),
    );
  });
});
