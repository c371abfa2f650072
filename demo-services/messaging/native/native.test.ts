import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MessageId } from 'pulsar-client';
import { describe, expect, it } from 'vitest';
import type { Addon } from './addon.js';
import { producerConfig } from './channel.js';
import { connected } from './connected.js';
import { gather } from './gather.js';
import { sentOf } from './message.js';
import { codeOf, needsProbe } from './results.js';
import { stoodAt } from './seek.js';
import { clientConfig } from './session.js';
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

describe('whom libpulsar trusts', () => {
  /** As much of the addon as a configuration needs. */
  class AuthenticationToken {
    readonly params: { readonly token: () => string };
    constructor(params: AuthenticationToken['params']) {
      this.params = params;
    }
  }
  const addon = { AuthenticationToken, LogLevel: { WARN: 2 } } as unknown as Addon;
  const context = { url: 'pulsar+ssl://localhost:1', operationTimeoutMs: 1_500, log: () => undefined };
  const files = { trustFile: 'ca.crt', certificateFile: 'tls.crt', keyFile: 'tls.key' };

  it('verifies chain and host name, shows its certificate, and a token besides', () => {
    const tokenFile = path.join(mkdtempSync(path.join(tmpdir(), 'messaging-test-')), 'token.jwt');
    const config = clientConfig(addon, { ...context, credentials: { ...files, tokenFile } });
    expect(config).toMatchObject({
      serviceUrl: 'pulsar+ssl://localhost:1',
      tlsValidateHostname: true,
      tlsAllowInsecureConnection: false,
      tlsTrustCertsFilePath: 'ca.crt',
      tlsCertificateFilePath: 'tls.crt',
      tlsPrivateKeyFilePath: 'tls.key',
      operationTimeoutSeconds: 2,
      connectionTimeoutMs: 1_500,
    });
    // Read at each connection, and never by an exception, which would end the process.
    const { token } = (config.authentication as unknown as AuthenticationToken).params;
    expect(token()).toBe('');
    for (const text of ['first', 'second']) {
      writeFileSync(tokenFile, `${text}\n`);
      expect(token()).toBe(text);
    }
  });

  it('shows nothing that it was not given', () => {
    const config = clientConfig(addon, { ...context, credentials: { trustFile: 'ca.crt' } });
    for (const name of ['tlsCertificateFilePath', 'tlsPrivateKeyFilePath', 'authentication']) {
      expect(config).not.toHaveProperty(name);
    }
  });
});

describe('how libpulsar is spared', () => {
  it('is asked for nothing that needs a connection until there is one', async () => {
    let asked = 0;
    await connected({ isConnected: () => ++asked === 3 }, 5_000);
    expect(asked).toBe(3);
    const error = await connected({ isConnected: () => false }, 50).catch((caught: Error) => caught.message);
    expect(codeOf(String(error))).toBe('ConnectionLost');
    expect(needsProbe(String(error))).toBe(true);
  });

  it('makes no text of the id of a message that was sent until somebody looks at it', () => {
    let asked = 0;
    const text = () => {
      asked++;
      return '(7,3,-1,2)';
    };
    const sent = sentOf({ toString: text } as MessageId);
    expect(asked).toBe(0);
    expect(sent.id).toBe('7:3:-1:2');
  });

  it('gets in one go what is given back within a time, and nothing after the end', async () => {
    const taken: (readonly number[])[] = [];
    const gathered = gather<number>(20, items => void taken.push(items));
    for (const number of [1, 2, 3]) gathered.add(number);
    await expect.poll(() => taken).toEqual([[1, 2, 3]]);
    gathered.add(4);
    await expect.poll(() => taken).toEqual([[1, 2, 3], [4]]);
    gathered.add(5);
    gathered.stop();
    gathered.add(6);
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(taken).toEqual([[1, 2, 3], [4]]);
  });

  it.each([
    [{ after: '7:3:-1' }, '7:3:-1'],
    [{ after: '7:3:2' }, '7:3:2'],
    [{ after: '7:3:-1:4' }, undefined],
    [{ after: '7:-1:-1' }, undefined],
    [{ after: '-1:-1:-1' }, undefined],
    [{ time: new Date(5) }, undefined],
    ['earliest', undefined],
    ['latest', undefined],
  ] as const)('a subscription moved to %o has to acknowledge %s', (position, id) => {
    expect(stoodAt(position)).toBe(id);
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
