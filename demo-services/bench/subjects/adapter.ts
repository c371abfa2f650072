import { connect, type Transport } from '../../messaging/index.js';
import { type Connection, SUBSCRIPTION, type Subject } from '../subject.js';

/** An adapter of the messaging port, used as a service uses it. */
export async function adapterSubject(transport: Transport, connection: Connection): Promise<Subject> {
  // Last: the environment of a service, from which the connection is, names a transport too.
  const client = await connect({ ...connection, transport });
  return {
    sender: async (topic, { optimizeFor, pending }) => {
      const producer = await client.producer({ topic, name: 'bench', optimizeFor, maxPending: pending });
      return { send: data => producer.send({ data }), close: () => producer.close() };
    },
    receiver: (topic, { prefetch }, onMessage) =>
      client.consumer({
        topic,
        subscription: SUBSCRIPTION,
        type: 'Shared',
        concurrency: Math.ceil(prefetch / 10),
        receiverQueueSize: prefetch,
        onMessage: async ({ data }) => onMessage(data),
      }),
    close: () => client.close(),
  };
}
