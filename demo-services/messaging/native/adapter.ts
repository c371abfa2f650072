import type { Message } from 'pulsar-client';
import type { Adapter } from '../transport.js';
import type { Addon } from './addon.js';
import { openChannel } from './channel.js';
import { openReader } from './reader.js';
import { type NativeContext, openSession } from './session.js';
import { subscribeBy } from './subscription.js';

/** Pulsar's binary protocol by libpulsar, through the addon of `pulsar-client`. */
export function nativeAdapter(addon: Addon, context: NativeContext): Adapter<Message> {
  const session = openSession(addon, context);
  return {
    transport: 'native',
    channel: options => openChannel(session, options),
    subscribe: options => subscribeBy(session, options),
    reader: options => openReader(addon, context, options),
    close: async () => {
      await session.client.close().catch(() => undefined);
    },
  };
}
