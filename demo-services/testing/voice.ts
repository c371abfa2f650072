import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { ulid } from 'ulid';
import { expect, inject, vi } from 'vitest';
import { freshNamespace } from '../../platform/local/testing/namespace.js';
import {
  type AudioMessage,
  audioMessage,
  decode,
  encode,
  type ImageMessage,
  imageMessage,
  type Result,
  resultMessage,
} from '../contract/index.js';
import { connect, deadLetterOf, type Message, type Producer } from '../messaging/index.js';
import { httpsAgent } from '../runtime/trust.js';
import { s3 } from '../storage/index.js';
import { sharedStore } from './parts.js';

const TOPICS = [
  'audio',
  'images',
  'results',
  'audio-dead-letters',
  'images-dead-letters',
  'signals',
] as const;
type Topic = (typeof TOPICS)[number];

export interface VoicePlatform {
  /** The environment of a service that works on this namespace. */
  readonly env: Readonly<Record<string, string>>;
  /** Puts the bytes and sends the message; what is given changes what the message says. */
  readonly send: (kind: 'audio' | 'image', bytes: Uint8Array, changes?: Changes) => Promise<string>;
  /** Sends bytes as they are. */
  readonly sendRaw: (topic: Topic, data: Buffer, key?: string) => Promise<void>;
  /** What the topic has of a message, once it is there. */
  readonly sentAs: (kind: 'audio' | 'image', id: string) => Promise<AudioMessage | ImageMessage>;
  /** What a topic holds, read anew, once it is at least so much. */
  readonly messagesIn: (topic: Topic, atLeast: number) => Promise<readonly Message[]>;
  /** Every result of a message, as often as it was announced, once there is one. */
  readonly resultsOf: (id: string) => Promise<readonly { readonly bytes: string; readonly result: Result }[]>;
  /** All announcements so far, in order. */
  readonly announced: () => readonly Result[];
  /** The codes under which a message came into the dead letters, once it did. */
  readonly deadLettersOf: (id: string) => Promise<readonly string[]>;
  readonly deadLetters: () => readonly Message[];
  /** Bytes of an object of the results; undefined when there is none. */
  readonly stored: (key: string) => Promise<string | undefined>;
  readonly close: () => Promise<void>;
}

export interface Changes {
  readonly thread?: string;
  readonly message?: Readonly<Record<string, unknown>>;
  readonly object?: Partial<AudioMessage['object']>;
  /** @default true */
  readonly put?: boolean;
}

/** Tries until the check holds: these are real parts on a busy machine. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 30_000, interval: 25 });
}

/** A namespace with the topics of the voice chat, somebody who sends, and somebody who watches what comes of it. */
export async function voicePlatform(): Promise<VoicePlatform> {
  const status = inject('platform');
  const store = sharedStore();
  const namespace = await freshNamespace(status, TOPICS);
  const { client: files } = namespace;
  const client = await connect({
    transport: 'auto',
    serviceUrl: status.endpoints['broker/pulsar+ssl']?.url ?? '',
    webSocketUrl: status.endpoints['broker/wss']?.url ?? '',
    credentials: {
      trustFile: files.trust,
      certificateFile: files.certificate,
      keyFile: files.key,
      tokenFile: files.token,
    },
  });
  const objects = s3({ region: store.region, endpoint: store.endpoint, agent: httpsAgent(store.trust) });
  const bucket = (alias: string) => objects.bucket(store.buckets[alias] ?? alias);
  const producers = new Map<string, Promise<Producer>>();
  const producer = (topic: Topic) => {
    const known = producers.get(topic) ?? client.producer({ topic: namespace.topic(topic) });
    producers.set(topic, known);
    return known;
  };
  const watch = async (topic: Topic) => {
    const seen: Message[] = [];
    const reader = await client.reader({ topic: namespace.topic(topic), start: 'earliest' });
    void (async () => {
      for await (const message of reader) seen.push(message);
    })();
    return seen;
  };
  const [results, ...dead] = await Promise.all(
    (['results', 'audio-dead-letters', 'images-dead-letters'] as const).map(watch),
  );
  const announcements = () =>
    (results ?? []).flatMap(({ data }) => {
      const decoded = decode(resultMessage, data);
      return decoded.ok ? [{ bytes: data.toString(), result: decoded.message }] : [];
    });
  const deadLetters = () => dead.flat();

  const sendRaw = async (topic: Topic, data: Buffer, key?: string) => {
    await (await producer(topic)).send({ data, ...(key !== undefined && { key }) });
  };
  return {
    env: {
      PULSAR_SERVICE_URL: status.endpoints['broker/pulsar+ssl']?.url ?? '',
      PULSAR_WEBSOCKET_URL: status.endpoints['broker/wss']?.url ?? '',
      PULSAR_TOKEN_FILE: files.token,
      ...Object.fromEntries(
        TOPICS.map(topic => [`TOPIC_${topic.toUpperCase().replaceAll('-', '_')}`, namespace.topic(topic)]),
      ),
      ...Object.fromEntries(
        Object.entries(store.buckets).map(([alias, name]) => [`BUCKET_${alias.toUpperCase()}`, name]),
      ),
      AWS_REGION: store.region,
      AWS_ENDPOINT_URL_S3: store.endpoint,
      AWS_CA_BUNDLE: store.trust,
    },
    send: async (kind, bytes, { thread = 'thread', message, object, put = true } = {}) => {
      const id = ulid();
      const key = `${thread}/${id}`;
      const type = kind === 'audio' ? 'audio/webm' : 'image/jpeg';
      const topic = kind === 'audio' ? 'audio' : 'images';
      if (put) await bucket(topic).put(key, bytes, { contentType: type });
      const told = {
        v: 1,
        kind,
        id,
        thread,
        author: 'ada',
        createdAt: new Date().toISOString(),
        object: { key, contentType: type, size: bytes.byteLength, sha256: sha256(bytes), ...object },
        ...message,
      } as AudioMessage | ImageMessage;
      await sendRaw(topic, encode(told), thread);
      return id;
    },
    sendRaw,
    sentAs: async (kind, id) => {
      const [topic, form] =
        kind === 'audio' ? (['audio', audioMessage] as const) : (['images', imageMessage] as const);
      const seen = await watch(topic);
      return eventually(() => {
        for (const { data } of seen) {
          const decoded = decode<AudioMessage | ImageMessage>(form, data);
          if (decoded.ok && decoded.message.id === id) return decoded.message;
        }
        throw new Error(`no message ${id} yet`);
      });
    },
    messagesIn: async (topic, atLeast) => {
      const reader = await client.reader({ topic: namespace.topic(topic), start: 'earliest' });
      const found: Message[] = [];
      const reading = (async () => {
        for await (const message of reader) found.push(message);
      })();
      await eventually(() => expect(found.length).toBeGreaterThanOrEqual(atLeast));
      // A copy too many would come with the next delivery.
      await sleep(1_000);
      await reader.close();
      await reading;
      return found;
    },
    resultsOf: id =>
      eventually(() => {
        const found = announcements().filter(({ result }) => result.id === id);
        if (found.length === 0) throw new Error(`no result of ${id} yet`);
        return found;
      }),
    announced: () => announcements().map(({ result }) => result),
    deadLettersOf: id =>
      eventually(() => {
        const found = deadLetters().filter(({ data }) => data.includes(id));
        if (found.length === 0) throw new Error(`no dead letter of ${id} yet`);
        return found.map(letter => deadLetterOf(letter)?.code ?? '');
      }),
    deadLetters,
    stored: async key => {
      const info = await bucket('results').head(key);
      if (info === undefined) return undefined;
      const chunks: Uint8Array[] = [];
      for await (const chunk of (await bucket('results').get(key, { maxBytes: 1e7 })).body)
        chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    },
    close: async () => {
      await client.close();
      objects.close();
    },
  };
}

/** A recording in which `good morning everyone` is said. */
export function recording(file = 'browser.webm'): Promise<Buffer> {
  return readFile(new URL(`./audio/${file}`, import.meta.url));
}

/** A picture like no other. */
export function photograph(width = 640, height = 480): Promise<Buffer> {
  const [r = 0, g = 0, b = 0] = randomBytes(3);
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
    .jpeg()
    .toBuffer();
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export { sleep };
