import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';

/** Servers on loopback that end with the test that started them. */
export interface Servers {
  /** Serves raw TCP; resolves with its port. */
  readonly plain: (serve: (socket: Socket) => void) => Promise<number>;
  /** Serves TLS; resolves with its port. */
  readonly tls: (options: TlsOptions, serve?: (socket: TLSSocket) => void) => Promise<number>;
  readonly close: () => void;
}

export function servers(): Servers {
  const open: Server[] = [];
  const listen = async (server: Server): Promise<number> => {
    open.push(server);
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  };
  return {
    plain: serve =>
      listen(
        createServer(socket => {
          socket.on('error', () => socket.destroy());
          serve(socket);
        }),
      ),
    tls: (options, serve) => {
      const server = createTlsServer(options, socket => {
        socket.on('error', () => socket.destroy());
        serve?.(socket);
      });
      server.on('tlsClientError', (_, socket) => socket.destroy());
      return listen(server);
    },
    close: () => {
      for (const server of open.splice(0)) server.close();
    },
  };
}
