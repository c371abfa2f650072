import type { Message, Position } from '../port.js';

/** A message as a transport hands it over, with what the transport needs to settle it. */
export interface Delivery<Handle> {
  readonly message: Message;
  readonly handle: Handle;
}

/** What a transport provides for a subscription. It keeps its connection alive by itself. */
export interface Subscription<Handle> {
  readonly connected: boolean;
  /** Lets so many more messages come. Over a lost connection, what was permitted and didn't come stays permitted. */
  permit(count: number): void;
  acknowledge(handle: Handle): void;
  /** Has the broker hand the message out again, on a Shared subscription. */
  giveBack(handle: Handle): void;
  seek(position: Position): Promise<void>;
  /** Flushes acknowledgements and leaves; what isn't acknowledged goes back to the broker. */
  close(): Promise<void>;
}

/** @param onDelivery is called at any time after the first permit, also before this resolves */
export type Subscribe<Handle> = (
  onDelivery: (delivery: Delivery<Handle>) => void,
) => Promise<Subscription<Handle>>;
