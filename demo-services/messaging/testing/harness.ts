import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalStatus } from '../../../platform/actions/local/status.js';
import type { ClientFiles, TestNamespace } from '../../../platform/local/testing/namespace.js';
import {
  type Client,
  type ConnectOptions,
  connect,
  type Message,
  type Reader,
  type Transport,
} from '../index.js';

/** One transport on one broker, with a namespace that no other test uses. */
export interface Harness {
  readonly transport: Transport;
  /** Full name of a topic of the namespace. */
  readonly topic: (alias: string) => string;
  /** A client of the namespace's role; closed after the test. */
  readonly connect: (overrides?: Partial<ConnectOptions>) => Promise<Client>;
  readonly options: ConnectOptions;
  /** Credentials that may do anything. */
  readonly operator: ConnectOptions['credentials'];
  readonly namespace: TestNamespace;
  /** Closes every client made since the last call. */
  readonly closeAll: () => Promise<void>;
}

export function makeHarness(
  transport: Transport,
  { endpoints, identities, trust }: Pick<LocalStatus, 'endpoints' | 'identities' | 'trust'>,
  namespace: TestNamespace,
): Harness {
  const url = (id: string) => endpoints[id]?.url ?? '';
  const options: ConnectOptions = {
    transport,
    serviceUrl: url('broker/pulsar+ssl'),
    webSocketUrl: url('broker/wss'),
    credentials: filesOf(namespace.client),
    operationTimeoutMs: 5_000,
  };
  let clients: Client[] = [];
  const operator = identities['operator'];
  if (operator === undefined) throw new Error('the platform has an operator');
  return {
    transport,
    topic: namespace.topic,
    namespace,
    options,
    operator: filesOf({ trust, ...operator }),
    connect: async overrides => {
      const client = await connect({ ...options, ...overrides });
      clients.push(client);
      return client;
    },
    closeAll: async () => {
      const closing = clients;
      clients = [];
      await Promise.all(closing.map(client => client.close()));
    },
  };
}

export function filesOf({
  trust,
  certificate,
  key,
  token,
}: Omit<ClientFiles, 'role'>): ConnectOptions['credentials'] {
  return { trustFile: trust, certificateFile: certificate, keyFile: key, tokenFile: token };
}

/** Sends texts one after the other; those of the form `key/number` with their key. @returns their ids */
export async function sendTexts(client: Client, topic: string, texts: readonly string[]): Promise<string[]> {
  const producer = await client.producer({ topic });
  const sent = await Promise.all(
    texts.map(text => {
      const [key, number] = text.split('/');
      return producer.send({ data: Buffer.from(text), ...(number !== undefined && { key: key ?? '' }) });
    }),
  );
  await producer.close();
  return sent.map(({ id }) => id);
}

export function textOf({ data }: Message): string {
  return data.toString();
}

export function numbered(count: number, name = 'm'): string[] {
  return Array.from({ length: count }, (_, number) => `${name}${number}`);
}

/** The next messages of a reader. */
export async function take(reader: Reader, count: number): Promise<Message[]> {
  const messages: Message[] = [];
  if (count === 0) return messages;
  for await (const message of reader) {
    messages.push(message);
    if (messages.length === count) break;
  }
  return messages;
}

/** Waits until something holds; the last failure is told when it doesn't in time. */
export async function eventually(holds: () => boolean, what: string, timeoutMs = 15_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not in ${timeoutMs} ms: ${what}`);
    await sleep(10);
  }
}

/** A promise and what resolves it. */
export function latch() {
  const opening = new AbortController();
  const opened = new Promise<void>(resolve => opening.signal.addEventListener('abort', () => resolve()));
  return { opened, open: () => opening.abort() };
}
