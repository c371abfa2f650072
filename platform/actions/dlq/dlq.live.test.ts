import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../../demo-services/messaging/index.js';
import { startTestPlatform, type TestPlatform, testConfig } from '../../local/testing/platform.js';
import { silent } from '../../report.js';
import { type BrokerPorts, withLocalBroker } from '../local/broker-ports.js';
import { listDeadLetters, replayDeadLetters, showDeadLetter } from './index.js';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ only: ['broker'] });
});
afterAll(() => platform?.stop());

const AUDIO = 'persistent://voice/chat/audio';
const DEAD = 'persistent://voice/chat/audio-dead-letters';
const options = { report: silent, signal: new AbortController().signal };
const withBroker = <T>(work: (ports: BrokerPorts) => Promise<T>) =>
  withLocalBroker(testConfig(), platform.folder, work);

/** A letter as the services' own client buries it. */
async function bury({ client }: BrokerPorts, data: string, properties: Record<string, string> = {}) {
  const producer = await client.producer({ topic: DEAD });
  await producer.send({
    data: Buffer.from(data),
    key: 'thread',
    properties: {
      REAL_TOPIC: AUDIO,
      REAL_SUBSCRIPTION: 'transcriber',
      ORIGIN_MESSAGE_ID: '1:0:-1',
      DEAD_LETTER_CODE: 'AudioUnreadable',
      DEAD_LETTER_REASON: 'it is empty',
      DEAD_LETTER_TIME: new Date().toISOString(),
      DEAD_LETTER_ATTEMPTS: '3',
      mine: 'kept',
      ...properties,
    },
  });
  await producer.close();
}

async function messagesOf({ client }: BrokerPorts, topic: string, count: number) {
  const reader = await client.reader({ topic, start: 'earliest' });
  const found = [];
  for await (const message of reader) {
    found.push(message);
    if (found.length === count) break;
  }
  await reader.close();
  return found;
}

describe('dead letters on a real broker', () => {
  it('are listed with their reasons, and shown with what they hold', () =>
    withBroker(async ports => {
      await bury(ports, 'one');
      await bury(ports, 'two', { DEAD_LETTER_CODE: 'AudioTooLong' });
      await bury(ports, 'lost', { REAL_TOPIC: 'persistent://voice/chat/nowhere' });
      const letters = await listDeadLetters(ports);
      expect(letters).toMatchObject([
        {
          code: 'AudioUnreadable',
          reason: 'it is empty',
          in: 'audio-dead-letters',
          attempts: 3,
          key: 'thread',
        },
        { code: 'AudioTooLong' },
        { code: 'AudioUnreadable' },
      ]);
      const shown = await showDeadLetter(letters[0]?.id ?? '', ports);
      expect(shown).toMatchObject({ data: 'one', properties: { mine: 'kept' } });
      await expect(showDeadLetter('9:9:9', ports)).rejects.toMatchObject({ code: 'DeadLetterNotFound' });
    }));

  it('are sent again as they were, the chosen ones alone', () =>
    withBroker(async ports => {
      const result = await replayDeadLetters(ports, { ...options, code: 'AudioTooLong' });
      expect(result).toMatchObject({ replayed: [{ topic: AUDIO }], failed: [] });
      const [message] = await messagesOf(ports, AUDIO, 1);
      expect(message?.data.toString()).toBe('two');
      expect(message).toMatchObject({ key: 'thread', properties: { mine: 'kept' } });
      expect(Object.keys(message?.properties ?? {})).toEqual(['mine']);
      expect((await listDeadLetters(ports)).map(({ code }) => code)).toEqual([
        'AudioUnreadable',
        'AudioUnreadable',
      ]);
    }));

  it('that can not be sent stay, and the others are sent', () =>
    withBroker(async ports => {
      const result = await replayDeadLetters(ports, options);
      expect(result.replayed).toHaveLength(1);
      expect(result.failed).toHaveLength(1);
      expect(await listDeadLetters(ports)).toMatchObject([{ id: result.failed[0]?.id }]);
    }));

  it('that do not wait are refused when no other is asked for, and named otherwise', () =>
    withBroker(async ports => {
      await expect(
        replayDeadLetters(ports, { ...options, ids: ['9:9:9', 'nonsense'] }),
      ).rejects.toMatchObject({ code: 'DeadLetterNotFound', saw: '9:9:9, nonsense', refused: true });
      await bury(ports, 'waits');
      const id = (await listDeadLetters(ports)).at(-1)?.id ?? '';
      const warnings: string[] = [];
      const report = { ...silent, warning: (_: string, text: string) => warnings.push(text) };
      expect(await replayDeadLetters(ports, { ...options, report, ids: [id, '9:9:9'] })).toMatchObject({
        replayed: [{ id }],
        missing: ['9:9:9'],
      });
      expect(warnings).toEqual(['no dead letter 9:9:9 waits']);
    }));

  it('go to the topic that they are the dead letters of, whatever they say', () =>
    withBroker(async ports => {
      const elsewhere = 'persistent://voice/chat/results';
      await bury(ports, 'forged', { REAL_TOPIC: elsewhere });
      const id = (await listDeadLetters(ports)).at(-1)?.id ?? '';
      const result = await replayDeadLetters(ports, { ...options, ids: [id] });
      expect(result).toMatchObject({ replayed: [], failed: [{ id }] });
      expect(result.failed[0]?.reason).toContain(`wanted ${AUDIO}`);
      expect(await ports.admin.get('persistent/voice/chat/results/internalStats')).toMatchObject({
        numberOfEntries: 0,
      });
    }));

  it('that another replay holds are named, not passed over', () =>
    withBroker(async ports => {
      await bury(ports, 'held');
      let release: () => void = () => undefined;
      const held = new Set<string>();
      const other = await ports.client.consumer({
        topic: DEAD,
        subscription: 'replay',
        type: 'Shared',
        concurrency: 64,
        onMessage: message =>
          new Promise<void>((_, reject) => {
            held.add(message.id);
            release = () => reject(new Error('not settled'));
          }),
      });
      const letters = (await listDeadLetters(ports)).map(({ id }) => id);
      await expect.poll(() => held.size).toBe(letters.length);
      const result = await replayDeadLetters(ports, options);
      expect(result).toMatchObject({ replayed: [], failed: [] });
      expect(new Set(result.unreached)).toEqual(new Set(letters));
      release();
      await other.close({ timeoutMs: 0 });
    }));

  it('are sent once, though a run is killed between sending and settling', async () => {
    await withBroker(async ports => {
      await bury(ports, 'once');
      const before = await listDeadLetters(ports);
      const id = before.at(-1)?.id ?? '';
      const first = await replayDeadLetters(ports, { ...options, ids: [id] });
      expect(first.replayed).toHaveLength(1);
      // What a kill before the settling leaves: sent, and still waiting.
      const consumer = await ports.client.consumer({
        topic: DEAD,
        subscription: 'replay',
        type: 'Shared',
        onMessage: async () => {
          throw new Error('not settled');
        },
      });
      await consumer.seek('earliest');
      await consumer.close();
      const again = await replayDeadLetters(ports, { ...options, ids: [id] });
      expect(again).toMatchObject({ replayed: [], already: [id], failed: [] });
    });
    const copies = await withBroker(ports => messagesOf(ports, AUDIO, 4));
    expect(copies.filter(({ data }) => data.toString() === 'once')).toHaveLength(1);
  });

  it('belong to the operator: no role of a service may settle them', async () => {
    const files = (name: string) => platform.folder.certificate('web') + name;
    const status = await platform.status();
    const client = await connect({
      transport: 'websocket',
      webSocketUrl: status.endpoints['broker/wss']?.url ?? '',
      operationTimeoutMs: 5_000,
      credentials: {
        trustFile: files('/ca.crt'),
        certificateFile: files('/tls.crt'),
        keyFile: files('/tls.key'),
        tokenFile: platform.folder.token('web'),
      },
    });
    await expect(
      client.consumer({
        topic: DEAD,
        subscription: 'replay',
        type: 'Shared',
        onMessage: async () => undefined,
      }),
    ).rejects.toMatchObject({ name: 'ServiceError' });
    await client.close();
  });
});
