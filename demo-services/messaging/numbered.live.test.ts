import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { freshNamespace, type TestNamespace } from '../../platform/local/testing/namespace.js';
import { type Client, connect } from './index.js';

const TOPICS = ['resent', 'gap', 'taken', 'large'];
const numbers = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

describe('a producer whose name and numbers outlive its process', () => {
  let namespace: TestNamespace;
  const clients: Client[] = [];
  beforeAll(async () => {
    namespace = await freshNamespace(inject('platform'), TOPICS);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map(client => client.close()));
  });

  async function open() {
    const { endpoints } = inject('platform');
    const { trust, certificate, key, token } = namespace.client;
    const client = await connect({
      serviceUrl: endpoints['broker/pulsar+ssl']?.url ?? '',
      webSocketUrl: endpoints['broker/wss']?.url ?? '',
      // So that it is the broker who refuses.
      maxMessageBytes: 8 * 1024 * 1024,
      credentials: { trustFile: trust, certificateFile: certificate, keyFile: key, tokenFile: token },
    });
    clients.push(client);
    return client;
  }
  const producerOf = async (topic: string, next: number) =>
    (await open()).producer({ topic: namespace.topic(topic), numbered: { producer: 'outbox', next } });
  const send = (producer: Awaited<ReturnType<typeof producerOf>>, texts: readonly number[]) =>
    Promise.all(texts.map(text => producer.send({ data: Buffer.from(`${text}`) })));

  async function stored(topic: string, count: number): Promise<string[]> {
    const reader = await (await open()).reader({ topic: namespace.topic(topic) });
    const texts: string[] = [];
    for await (const { data } of reader) if (texts.push(data.toString()) === count) break;
    return texts;
  }

  it('may send again what was in doubt: the broker stores each number once', async () => {
    const first = await producerOf('resent', 1_000);
    await send(first, numbers(1_000, 10));
    await first.close();
    const second = await producerOf('resent', 1_005);
    expect(await send(second, numbers(1_005, 10))).toEqual([
      ...Array.from({ length: 5 }, () => '-1:-1:-1'),
      ...Array.from({ length: 5 }, () => expect.stringMatching(/^\d+:\d+:-1$/)),
    ]);
    await send(second, [0]);
    expect(await stored('resent', 16)).toEqual([...numbers(1_000, 15), 0].map(String));
  });

  it('may leave numbers out between two lives, up to those of a clock in microseconds', async () => {
    const first = await producerOf('gap', 7);
    await send(first, [7]);
    await first.close();
    const now = Date.now() * 1_000;
    const second = await producerOf('gap', now);
    await send(second, [1, 2]);
    await second.close();
    const third = await producerOf('gap', now + 1);
    expect(await send(third, [2, 3])).toEqual(['-1:-1:-1', expect.stringMatching(/^\d/)]);
    expect(await stored('gap', 4)).toEqual(['7', '1', '2', '3']);
  });

  it('exists once: the second of a name is told so, until the first is gone', async () => {
    const first = await producerOf('taken', 1);
    await expect(producerOf('taken', 1)).rejects.toMatchObject({ code: 'ProducerBusy' });
    await first.close();
    await expect(producerOf('taken', 1)).resolves.toBeDefined();
  });

  it('sends nothing more after one failure, so that no number is left out', async () => {
    const producer = await producerOf('large', 1);
    const sends = ['a', 'x'.repeat(5.2 * 1024 * 1024), 'b'].map(text =>
      producer.send({ data: Buffer.from(text) }),
    );
    const outcomes = await Promise.allSettled(sends);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    await expect(producer.send({ data: Buffer.from('later') })).rejects.toMatchObject({
      code: 'MessageTooLarge',
    });
  });
});
