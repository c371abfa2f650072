import type { OutgoingMessage, Sent } from '../port.js';

/** What a transport provides for a producer. It keeps its connection alive by itself. */
export interface Channel {
  readonly connected: boolean;
  /** Hands the message over at once, in the order of the calls; resolves when the broker has stored it. */
  send(message: OutgoingMessage): Promise<Sent>;
  close(): Promise<void>;
}
