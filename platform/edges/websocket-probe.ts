import WebSocket from 'ws';
import { type Answer, type ClientTls, leadingTo, type ProbeOptions } from './https-probe.js';

/** Opens a WebSocket over verified TLS and closes it again: 101 when it opened, else the status of the refusal. */
export function webSocketProbe(url: string, tls: ClientTls, options: ProbeOptions): Promise<Answer> {
  return new Promise(resolve => {
    const socket = new WebSocket(url, {
      ...tls,
      ...leadingTo(options.host),
      handshakeTimeout: options.timeoutMs,
      headers: options.token === undefined ? {} : { authorization: `Bearer ${options.token}` },
    });
    const done = (answer: Answer) => {
      resolve(answer);
      socket.terminate();
    };
    socket.on('open', () => done({ status: 101 }));
    socket.on('unexpected-response', (request, { statusCode }) => {
      request.destroy();
      resolve(statusCode === undefined ? {} : { status: statusCode });
    });
    // Also what `terminate` says of a socket that is not open yet.
    socket.on('error', (error: NodeJS.ErrnoException) => done({ error: error.code ?? error.message }));
  });
}
