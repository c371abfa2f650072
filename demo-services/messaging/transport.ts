import type { Subscribe } from './consuming/subscription.js';
import type { ConsumerOptions, ProducerOptions, Reader, ReaderOptions, Transport } from './port.js';
import type { Channel } from './sending/channel.js';

/** What an adapter provides; `makeClient` builds the port on it. */
export interface Adapter<Handle> {
  readonly transport: Transport;
  channel(options: ProducerOptions): Promise<Channel>;
  subscribe(options: ConsumerOptions): Subscribe<Handle>;
  reader(options: ReaderOptions): Promise<Reader>;
  close(): Promise<void>;
}
