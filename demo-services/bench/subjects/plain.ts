import { readFile } from 'node:fs/promises';
import type pulsar from 'pulsar-client';
import { type Connection, SUBSCRIPTION, type Subject } from '../subject.js';

/** `pulsar-client` as its README uses it, with the settings of the native adapter: what the adapter adds is the difference. */
export async function plainSubject(
  addon: typeof pulsar,
  { serviceUrl, credentials }: Connection,
): Promise<Subject> {
  const token = (await readFile(credentials.tokenFile, 'utf8')).trim();
  const client = new addon.Client({
    serviceUrl,
    tlsTrustCertsFilePath: credentials.trustFile,
    tlsCertificateFilePath: credentials.certificateFile,
    tlsPrivateKeyFilePath: credentials.keyFile,
    tlsValidateHostname: true,
    tlsAllowInsecureConnection: false,
    authentication: new addon.AuthenticationToken({ token }),
    operationTimeoutSeconds: 10,
  });
  return {
    sender: async (topic, { optimizeFor, pending }) => {
      const producer = await client.createProducer({
        topic,
        maxPendingMessages: pending,
        ...(optimizeFor === 'throughput'
          ? { batchingEnabled: true, batchingMaxPublishDelayMs: 5, batchingMaxMessages: 1000 }
          : { batchingEnabled: false }),
      });
      return {
        send: data => producer.send({ data }),
        close: async () => void (await producer.close()),
      };
    },
    receiver: async (topic, { prefetch }, onMessage) => {
      const consumer = await client.subscribe({
        topic,
        subscription: SUBSCRIPTION,
        subscriptionType: 'Shared',
        receiverQueueSize: prefetch,
        listener: (message, from) => {
          onMessage(message.getData());
          from.acknowledge(message).catch(() => undefined);
        },
      });
      return { close: async () => void (await consumer.close()) };
    },
    close: async () => void (await client.close()),
  };
}
