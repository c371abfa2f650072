import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { WebSocket } from 'ws';
import { type Connection, SUBSCRIPTION, type Subject } from '../subject.js';

/** The yardstick: what one writes in a quarter of an hour on Pulsar's WebSocket API. One socket each, JSON, no reconnect. */
export async function naiveSubject({ webSocketUrl, credentials }: Connection): Promise<Subject> {
  const { trustFile, certificateFile, keyFile, tokenFile } = credentials;
  const [ca, cert, key, token] = await Promise.all(
    [trustFile, certificateFile, keyFile, tokenFile].map(file => readFile(file, 'utf8')),
  );
  const open = async (path: string) => {
    const socket = new WebSocket(`${webSocketUrl}/ws/v2/${path}`, {
      ca,
      cert,
      key,
      headers: { authorization: `Bearer ${token?.trim()}` },
      perMessageDeflate: false,
    });
    await once(socket, 'open');
    return socket;
  };
  return {
    sender: async topic => {
      const socket = await open(`producer/${topic.replace('://', '/')}`);
      const waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
      socket.on('message', data => {
        const { result } = JSON.parse(String(data)) as { readonly result: string };
        const next = waiting.shift();
        if (result === 'ok') next?.resolve();
        else next?.reject(new Error(result));
      });
      return {
        send: data =>
          new Promise<void>((resolve, reject) => {
            waiting.push({ resolve, reject });
            socket.send(JSON.stringify({ payload: data.toString('base64') }));
          }),
        close: () => shut(socket),
      };
    },
    receiver: async (topic, { prefetch }, onMessage) => {
      const parameters = `subscriptionType=Shared&receiverQueueSize=${prefetch}`;
      const socket = await open(`consumer/${topic.replace('://', '/')}/${SUBSCRIPTION}?${parameters}`);
      socket.on('message', data => {
        const { messageId, payload } = JSON.parse(String(data)) as Record<'messageId' | 'payload', string>;
        onMessage(Buffer.from(payload, 'base64'));
        socket.send(JSON.stringify({ messageId }));
      });
      return { close: () => shut(socket) };
    },
    close: async () => undefined,
  };
}

async function shut(socket: WebSocket): Promise<void> {
  const closed = once(socket, 'close');
  socket.close();
  await closed;
}
