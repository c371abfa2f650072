/**
 * What a service sees of Pulsar, whichever transport carries it. Both adapters keep every promise made here;
 * `contract.live.test.ts` holds them to it. Failures are `ServiceError`s whose codes stand under "messaging" in
 * `demo-services/errors.ts`.
 */
export type Transport = 'native' | 'websocket';

export type SubscriptionType = 'Exclusive' | 'Failover' | 'Shared' | 'Key_Shared';

/**
 * Where to begin: at the oldest message kept, at the next one, after the message of this id, or at the first one
 * published at or after a time.
 */
export type Position = 'earliest' | 'latest' | { readonly after: string } | { readonly time: Date };

export interface Client {
  readonly transport: Transport;
  /** @throws ServiceError as soon as it is known that waiting won't help, else after `operationTimeoutMs` */
  producer(options: ProducerOptions): Promise<Producer>;
  /** Subscribes, and hands every message to `onMessage` until it is closed. Throws like `producer`. */
  consumer(options: ConsumerOptions): Promise<Consumer>;
  /** Reads a topic without a subscription: nothing is acknowledged, nothing is remembered. Throws like `producer`. */
  reader(options: ReaderOptions): Promise<Reader>;
  /** Closes all that it made and is still making: consumers drain, producers flush, readers end. */
  close(): Promise<void>;
}

export interface ProducerOptions {
  /** `persistent://tenant/namespace/topic` */
  readonly topic: string;
  /**
   * Prefix of the producer's name in the broker's statistics. The name itself is unique, so that the broker's
   * deduplication, where the namespace has it on, never takes two producers for one.
   * @default 'producer'
   */
  readonly name?: string;
  /**
   * A name and numbers that outlive the process, for what must be sent once though a process may die at any moment:
   * where the namespace has deduplication on, the broker drops a message whose number is not above the highest that it
   * has of this name. So what was in doubt is sent again under its number.
   *
   * There is one producer of a name at a time; making a second one fails with `ProducerBusy`. After one failed send
   * every later one fails too and nothing more is sent: a number that was left out could never be used again. Only
   * with `latency`.
   * @default - a name of its own, numbers from 1
   */
  readonly numbered?: {
    readonly producer: string;
    /** Number of the first message; each following one has the next. */
    readonly next: number;
  };
  /**
   * - `latency`: every message is an entry of its own, sent at once. What a work queue wants: a redelivery brings
   *   back one message and no other.
   * - `throughput`: messages are gathered for up to 5 ms into one entry. Several times faster for small messages,
   *   but a retry of one on a Shared subscription brings back its whole batch, those too that were acknowledged.
   * @default 'latency'
   */
  readonly optimizeFor?: 'latency' | 'throughput';
  /** Messages that may be unacknowledged by the broker at a time; beyond it `send` waits. @default 1000 */
  readonly maxPending?: number;
  /**
   * How long a message may take from `send` to the broker's acknowledgement, ms. A message that timed out may still
   * arrive: effects must be idempotent. Over `native`, with the oldest message all that are under way time out.
   * @default 30000
   */
  readonly sendTimeoutMs?: number;
}

export interface Producer {
  /** Whether it has a connection at the moment. It mends a lost one by itself. */
  readonly connected: boolean;
  /**
   * Sends in order, and resolves once the broker has stored the message. What was not acknowledged when a connection
   * broke is sent again: with the namespace's deduplication on, and `latency`, the broker drops what it has already.
   */
  send(message: OutgoingMessage): Promise<Sent>;
  /** Resolves when every message sent so far has been acknowledged or has failed. */
  flush(): Promise<void>;
  /** Flushes, then closes. */
  close(): Promise<void>;
}

/** A message that the broker has stored. */
export interface Sent {
  /** Its id, as `Message` has it; `-1:-1:-1` if the broker knew the message and dropped this copy. */
  readonly id: string;
}

export interface OutgoingMessage {
  readonly data: Buffer;
  /** Messages of one key keep their order, and go to one consumer of a Key_Shared subscription. */
  readonly key?: string;
  readonly properties?: Readonly<Record<string, string>>;
  /** When what it tells of happened; millisecond precision. */
  readonly eventTime?: Date;
}

export interface Message {
  /** `ledger:entry:partition`, and `:index` in a batch; the same for every consumer on either transport. */
  readonly id: string;
  readonly topic: string;
  readonly data: Buffer;
  readonly key?: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly publishTime: Date;
  readonly eventTime?: Date;
  /** How often the broker has handed it out before. Counted on Shared and Key_Shared subscriptions only. */
  readonly redeliveryCount: number;
}

export interface ConsumerOptions {
  readonly topic: string;
  readonly subscription: string;
  readonly type: SubscriptionType;
  /**
   * The handler. Its end settles the message:
   * - it returns: acknowledged
   * - it throws a `ServiceError` that waiting can mend: tried again here, after a growing delay and not before its
   *   `retryAfterMs` (10 minutes at most), as often as needed
   * - it throws a `ServiceError` that waiting can't mend: into the dead letters at once, with its code
   * - it throws anything else: on a Shared subscription given back to the broker after a growing delay, else tried
   *   again here; into the dead letters when `maxRedeliveries` are used up
   */
  readonly onMessage: (message: Message, attempt: Attempt) => Promise<void>;
  /** Where a subscription begins that does not exist yet. @default 'earliest' */
  readonly initialPosition?: 'earliest' | 'latest';
  /** Name in the broker's statistics. @default - the client makes one */
  readonly name?: string;
  /**
   * Handlers that run at a time. Shared: any of them. Other types: messages of one key, and those without a key, are
   * handled one after the other, in order, a retry included.
   * @default 1
   */
  readonly concurrency?: number;
  /** Messages that the broker may hand out before they are settled. @default twice the concurrency */
  readonly receiverQueueSize?: number;
  /**
   * How long a handler may take, ms. Then its signal fires and it counts as failed. Not needed against dead
   * consumers: the broker sees those leave.
   * @default - as long as it wants
   */
  readonly ackTimeoutMs?: number;
  /** The delay before a retry: doubles from `minMs` to `maxMs`, shortened at random by up to half. @default 1 s to 60 s */
  readonly retryDelay?: { readonly minMs: number; readonly maxMs: number };
  /** Where hopeless messages go. @default - nowhere: they are tried again and again, with an error logged each time */
  readonly deadLetter?: DeadLetterPolicy;
}

export interface DeadLetterPolicy {
  readonly topic: string;
  /** Deliveries after the first before a message that fails for an unknown reason is given up. @default 10 */
  readonly maxRedeliveries?: number;
}

export interface Attempt {
  /** 1 for the first delivery; counts redeliveries and retries. */
  readonly number: number;
  /** Fires when the handler's time is up, or when `close` waits no longer. */
  readonly signal: AbortSignal;
}

export interface Consumer {
  /** Whether it has a connection at the moment. It mends a lost one by itself. */
  readonly connected: boolean;
  /**
   * Moves the whole subscription. Waits for the running handlers first. The broker closes the connections of the
   * subscription's other consumers for a moment. Messages of the former place that were on their way to a consumer may
   * still be handled once.
   */
  seek(position: Position): Promise<void>;
  /**
   * Takes no more messages, waits for the running handlers, flushes acknowledgements. Messages that no handler had
   * begun go back to the broker at once.
   */
  close(options?: CloseOptions): Promise<void>;
}

export interface CloseOptions {
  /** How long running handlers may go on, ms; then their signals fire, and their messages go back. @default 30000 */
  readonly timeoutMs?: number;
}

export interface ReaderOptions {
  readonly topic: string;
  /** @default 'earliest' */
  readonly start?: Position;
  /** Name in the broker's statistics. @default 'reader' */
  readonly name?: string;
  /** Messages read ahead. @default 100 */
  readonly receiverQueueSize?: number;
}

/**
 * Yields each message once and in order, over lost connections too, until it is closed. For one loop.
 *
 * Over `native`, one that began at `latest` and has yielded nothing yet skips what is published while its connection
 * is lost: libpulsar then begins at the latest anew.
 */
export interface Reader extends AsyncIterable<Message> {
  readonly connected: boolean;
  close(): Promise<void>;
}
