import type { Adapter } from '../transport.js';
import { openChannel } from './channel.js';
import type { LinkContext } from './link.js';
import { openReader } from './reader.js';
import { type Handle, subscribeOver } from './subscription.js';

/** Pulsar's WebSocket API over wss: needs no addon. Each producer, consumer and reader has sockets of its own. */
export function webSocketAdapter(context: LinkContext): Adapter<Handle> {
  return {
    transport: 'websocket',
    channel: options => openChannel(context, options),
    subscribe: options => subscribeOver(context, options),
    reader: options => openReader(context, options),
    close: async () => undefined,
  };
}
