import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { localAuthority, newLocalAuthority, requestCertificate } from '../../../certs/index.js';

export interface TestAuthority {
  /** PEM file of its root. */
  readonly trustFile: string;
  /** Issues a certificate for localhost and for clients, and writes it with its key. */
  readonly issue: (
    name: string,
    validSeconds: number,
  ) => Promise<{ certificateFile: string; keyFile: string }>;
  readonly folder: string;
}

/** An authority that the broker doesn't know. */
export async function otherAuthority(): Promise<TestAuthority> {
  const folder = await mkdtemp(path.join(tmpdir(), 'messaging-test-'));
  const authority = await localAuthority(
    await newLocalAuthority({ commonName: 'another authority', algorithm: 'ecdsa-p256' }),
  );
  const write = async (name: string, contents: string) => {
    const file = path.join(folder, name);
    await writeFile(file, contents, { mode: 0o600 });
    return file;
  };
  return {
    folder,
    trustFile: await write('ca.crt', authority.roots),
    issue: async (name, durationSeconds) => {
      const issued = await requestCertificate(authority, {
        workload: name,
        commonName: name,
        dnsNames: ['localhost'],
        usages: ['server auth', 'client auth'],
        algorithm: 'ecdsa-p256',
        durationSeconds,
      });
      return {
        certificateFile: await write(`${name}.crt`, issued.certificate),
        keyFile: await write(`${name}.key`, issued.key),
      };
    },
  };
}

export interface TestEndpoint {
  /** The URLs of both transports. */
  readonly urls: { readonly serviceUrl: string; readonly webSocketUrl: string };
  readonly close: () => void;
}

/** A port that takes connections and says nothing. */
export async function silentEndpoint(): Promise<TestEndpoint> {
  return listening(createServer(socket => socket.on('error', () => socket.destroy())));
}

/** A port that speaks TLS, tells the subject of each client certificate, and hangs up. */
export async function tlsEndpoint(
  contents: { readonly cert: string; readonly key: string; readonly ca: string },
  onClient: (subject: string) => void = () => undefined,
): Promise<TestEndpoint> {
  const server = createTlsServer({ ...contents, requestCert: true, rejectUnauthorized: true }, socket => {
    onClient(socket.getPeerX509Certificate()?.subject ?? '');
    socket.on('error', () => socket.destroy());
    socket.destroy();
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return listening(server);
}

export interface Relay extends TestEndpoint {
  /** Connections that stand. */
  readonly connections: () => number;
  /** Breaks the oldest connection, on both sides, without a farewell. */
  readonly drop: () => void;
}

/** A port behind which another one is, and which knows nothing of what passes through. */
export async function relayTo(url: string): Promise<Relay> {
  const { hostname, port } = new URL(url);
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer(near => {
    const far = connect(Number(port), hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        pairs.delete(pair);
        for (const end of pair) end.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  const endpoint = await listening(server);
  return {
    ...endpoint,
    connections: () => pairs.size,
    drop: () => {
      const [oldest] = pairs;
      if (oldest === undefined) return;
      pairs.delete(oldest);
      for (const socket of oldest) socket.resetAndDestroy();
    },
    close: () => {
      endpoint.close();
      for (const pair of pairs) for (const socket of pair) socket.destroy();
    },
  };
}

async function listening(server: Server): Promise<TestEndpoint> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    urls: { serviceUrl: `pulsar+ssl://localhost:${port}`, webSocketUrl: `wss://localhost:${port}` },
    close: () => server.close(),
  };
}
