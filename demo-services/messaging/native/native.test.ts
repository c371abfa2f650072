import { describe, expect, it } from 'vitest';
import { producerConfig } from './channel.js';
import { codeOf, needsProbe } from './results.js';
import { consumerConfig } from './subscription.js';

const topic = 'persistent://t/n/topic';
const onMessage = async () => undefined;

describe('what libpulsar is told', () => {
  it('sends each message at once and alone for latency, gathers for throughput', () => {
    expect(producerConfig({ topic })).toMatchObject({ batchingEnabled: false });
    expect(producerConfig({ topic, optimizeFor: 'throughput' })).toMatchObject({ batchingEnabled: true });
  });

  it('never blocks the main thread on a full queue, nor chunks, which aborts with batches', () => {
    expect(producerConfig({ topic, maxPending: 7 })).toMatchObject({
      blockIfQueueFull: false,
      maxPendingMessages: 7,
      chunkingEnabled: false,
    });
  });

  it('names each producer for itself', () => {
    const names = [1, 2].map(() => producerConfig({ topic, name: 'web' }).producerName);
    expect(names[0]).toMatch(/^web-/);
    expect(names[0]).not.toBe(names[1]);
  });

  it('begins a new subscription at the oldest message, and reads ahead no more than the queue', () => {
    const config = consumerConfig({
      topic,
      subscription: 's',
      type: 'Key_Shared',
      concurrency: 4,
      onMessage,
    });
    expect(config).toMatchObject({
      subscriptionType: 'KeyShared',
      subscriptionInitialPosition: 'Earliest',
      receiverQueueSize: 4,
    });
    expect(config).not.toHaveProperty('listener');
  });
});

describe('what libpulsar tells', () => {
  it.each([
    ['Failed to create consumer: ConsumerBusy', 'ConsumerBusy', false],
    ['Failed to create producer: AuthorizationError', 'AuthorizationFailed', false],
    ['Failed to send message: MessageTooBig', 'MessageTooLarge', false],
    ['Failed to create producer: TimeOut', 'Timeout', true],
    ['Failed to create producer: ConnectError', 'ConnectionLost', true],
    ['Failed to create producer: AuthenticationError', 'AuthenticationFailed', true],
    ['Failed to create producer: ResultProducerFenced', 'ProducerBusy', false],
    ['Failed to send message: ResultMemoryBufferIsFull', 'ProducerBusy', false],
    ['Failed to send message: ResultDisconnected', 'ConnectionLost', true],
    ['Failed to create consumer: Retryable', 'BrokerRefused', true],
    ['Failed to create consumer: ErrorGettingAuthenticationData', 'BrokerRefused', true],
    ['Failed: SomethingNew', 'BrokerRefused', false],
  ])('%s', (message, code, vague) => {
    expect(codeOf(message)).toBe(code);
    expect(needsProbe(message)).toBe(vague);
  });
});
