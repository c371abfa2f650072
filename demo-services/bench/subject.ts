/** What is measured: one way to speak to the broker. */
export interface Subject {
  /** Sends to a topic. */
  sender(topic: string, use: Use): Promise<Sender>;
  /** Hands every message of a subscription of its own, type Shared, to `onMessage`, and acknowledges it. */
  receiver(topic: string, use: Use, onMessage: (data: Buffer) => void): Promise<Closeable>;
  close(): Promise<void>;
}

export interface Use {
  /** `throughput`: messages may be gathered into batches; `latency`: each is an entry of its own. */
  readonly optimizeFor: 'throughput' | 'latency';
  /** Messages that wait for the broker's acknowledgement, at most. */
  readonly pending: number;
  /** Messages that are received ahead, at most. */
  readonly prefetch: number;
}

export interface Closeable {
  close(): Promise<void>;
}

export interface Sender extends Closeable {
  /** Settles when the broker has stored it. */
  send(data: Buffer): Promise<unknown>;
}

/** Where the broker is, and who asks: the environment variables of every service. */
export interface Connection {
  readonly serviceUrl: string;
  readonly webSocketUrl: string;
  readonly credentials: {
    readonly trustFile: string;
    readonly certificateFile: string;
    readonly keyFile: string;
    readonly tokenFile: string;
  };
}

export const SUBSCRIPTION = 'bench';
