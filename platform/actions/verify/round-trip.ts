import { randomBytes } from 'node:crypto';
import { ServiceError } from '../../../demo-services/errors.js';
import { type Client, connect, connectGateway } from '../../../demo-services/messaging/index.js';
import type { PulsarAdmin } from '../../edges/pulsar-admin.js';
import type { Endpoint } from '../../plan/index.js';
import { topicPath } from '../tenants/live.js';
import { type Outcome, origin } from './probes.js';
import { clientTlsOf, type Subject } from './subject.js';

const RECEIVE_MS = 15_000;

/** A namespace for the messages of a verification; nobody else sees it, and nothing of it stays. */
export interface Playground {
  /** `tenant/namespace` */
  readonly namespace: string;
  /** The topic of one trip. */
  topic(from: string, endpoint: string): string;
  remove(): Promise<void>;
}

interface Trip {
  /** Role that sends and receives. */
  readonly from: string;
  readonly endpoint: string;
}

/** Makes a topic for each trip, which the role of that trip alone may produce to and consume from. */
export async function makePlayground(
  { plan }: Subject,
  admin: PulsarAdmin,
  trips: readonly Trip[],
): Promise<Playground> {
  const namespace = `${plan.tenants[0]}/verify-${randomBytes(4).toString('hex')}`;
  const topic = (from: string, endpoint: string) =>
    `persistent://${namespace}/${trips.findIndex(trip => trip.from === from && trip.endpoint === endpoint)}`;
  const topics = trips.map(({ from, endpoint }) => ({ role: from, path: topicPath(topic(from, endpoint)) }));
  const remove = async () => {
    for (const { path } of topics) await admin.send('DELETE', `${path}?force=true`);
    await admin.send('DELETE', `namespaces/${namespace}`);
  };
  const clusters = ((await admin.get('clusters')) as string[]).filter(name => name !== 'global');
  await admin.send('PUT', `namespaces/${namespace}`, { replication_clusters: clusters });
  try {
    for (const { path, role } of topics) {
      await admin.send('PUT', path);
      await admin.send('POST', `${path}/permissions/${role}`, ['produce', 'consume']);
    }
  } catch (error) {
    await remove();
    throw error;
  }
  return { namespace, topic, remove };
}

/**
 * Sends a message through an endpoint and receives it there, as a role: by the services' own client, or by Pulsar's
 * where that one can't speak the binary protocol on this machine.
 */
export async function tryRoundTrip(
  role: string,
  endpoint: Endpoint,
  topic: string,
  subject: Subject,
): Promise<Outcome> {
  return subject.way(endpoint)(address => trip(role, { endpoint, address }, topic, subject));
}

async function trip(role: string, door: Door, topic: string, subject: Subject): Promise<Outcome> {
  try {
    return { outcome: 'accepted', saw: await ownTrip(role, door, topic, subject) };
  } catch (error) {
    const { javaTrip } = subject;
    if (!isUnavailable(error) || javaTrip === undefined)
      return { outcome: 'refused', saw: error instanceof Error ? error.message : String(error) };
    const began = performance.now();
    const text = randomBytes(8).toString('hex');
    const received = await javaTrip(role, origin(subject, door.endpoint, door.address.port), topic, text);
    return received.includes(`content:${text}`)
      ? { outcome: 'accepted', saw: `${Math.round(performance.now() - began)} ms, Pulsar's own Java client` }
      : { outcome: 'refused', saw: 'the message did not come back' };
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'TransportUnavailable';
}

async function ownTrip(role: string, door: Door, topic: string, subject: Subject): Promise<string> {
  const client = await connectAs(role, door, subject);
  try {
    return await roundTrip(client, topic);
  } finally {
    await client.close();
  }
}

/** An endpoint, and where it is reached. */
export interface Door {
  readonly endpoint: Endpoint;
  readonly address: { readonly host: string; readonly port: number };
}

/** By WebSocket wherever that is reached; a client of the binary protocol goes where the name of the endpoint leads. */
export async function connectAs(
  role: string,
  { endpoint, address }: Door,
  subject: Subject,
): Promise<Client> {
  const url = origin(subject, endpoint, address.port);
  if (endpoint.protocol === 'wss') {
    const [identity, token] = await Promise.all([
      subject.identity(role, endpoint),
      subject.token(role, 'own'),
    ]);
    const credentials = { ...clientTlsOf(identity), ...(token !== undefined && { token }) };
    return connectGateway({ url, at: address, credentials });
  }
  const { trust, certificate, key, token } = await subject.files(role);
  return connect({
    transport: 'native',
    serviceUrl: url,
    credentials: { trustFile: trust, certificateFile: certificate, keyFile: key, tokenFile: token },
  });
}

async function roundTrip(client: Client, topic: string): Promise<string> {
  const data = randomBytes(16);
  const began = performance.now();
  const received = new Promise<void>((resolve, reject) => {
    setTimeout(() => reject(new Error(`it did not come in ${RECEIVE_MS / 1000} s`)), RECEIVE_MS).unref();
    client
      .consumer({
        topic,
        subscription: `verify-${data.toString('hex')}`,
        type: 'Exclusive',
        initialPosition: 'earliest',
        onMessage: async message => {
          if (message.data.equals(data)) resolve();
        },
      })
      .catch(reject);
  });
  // It is awaited below, and must not count as unhandled until then.
  received.catch(() => undefined);
  const producer = await client.producer({ topic });
  await producer.send({ data });
  await received;
  return `${Math.round(performance.now() - began)} ms, ${client.transport}`;
}
