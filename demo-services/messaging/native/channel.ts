import { randomUUID } from 'node:crypto';
import type { ProducerConfig } from 'pulsar-client';
import type { ProducerOptions } from '../port.js';
import type { Channel } from '../sending/channel.js';
import { sentOf, toNative } from './message.js';
import type { Session } from './session.js';

const DEFAULT_SEND_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_PENDING = 1000;

export async function openChannel(session: Session, options: ProducerOptions): Promise<Channel> {
  const { topic } = options;
  const { log } = session.context;
  await session.check();
  const explained = async (error: unknown): Promise<never> => {
    throw await session.explain(error, topic);
  };
  const producer = await session.client.createProducer(producerConfig(options)).catch(explained);

  return {
    get connected() {
      return producer.isConnected();
    },
    send: message => producer.send(toNative(message)).then(sentOf, explained),
    close: async () => {
      // A hung broker doesn't answer in time; what was to be sent has ended before.
      await producer.close().catch(error => log('debug', 'close-failed', { topic, reason: String(error) }));
    },
  };
}

export function producerConfig(options: ProducerOptions): ProducerConfig {
  const { topic, name = 'producer', optimizeFor = 'latency', maxPending = DEFAULT_MAX_PENDING } = options;
  const { numbered } = options;
  return {
    topic,
    producerName: numbered?.producer ?? `${name}-${randomUUID()}`,
    ...(numbered && { initialSequenceId: numbered.next - 1 }),
    sendTimeoutMs: options.sendTimeoutMs ?? DEFAULT_SEND_TIMEOUT_MS,
    // The gate before it lets no more in. Blocking, libpulsar would block the main thread.
    maxPendingMessages: maxPending,
    blockIfQueueFull: false,
    // With batches on, chunking aborts the process.
    chunkingEnabled: false,
    // What Java clients, and so the WebSocket gateway, use: a key is in the same partition whoever sends it.
    hashingScheme: 'JavaStringHash',
    ...(optimizeFor === 'throughput'
      ? { batchingEnabled: true, batchingMaxPublishDelayMs: 5, batchingMaxMessages: 1000 }
      : { batchingEnabled: false }),
  };
}
