import { X509Certificate } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';

export interface TlsFiles {
  /** PEM: leaf, then intermediates. */
  readonly certificate: string;
  /** PEM, PKCS #8. */
  readonly key: string;
}

export interface ServerProps {
  /** Address to listen on. */
  readonly host: string;
  readonly port: number;
  readonly tls: TlsFiles;
  /** Proxies whose word on who asks is believed. @default - none */
  readonly trustedProxies?: readonly string[] | undefined;
  /** How long a connection is kept for the next request. @default 72000 */
  readonly keepAliveMs?: number;
  /** How long answers may go on after `close`, ms. @default 5000 */
  readonly leftoverMs?: number;
  /**
   * How often the certificate is looked at, ms. A mounted Secret changes by a swap of links, which no event tells of.
   * @default 5000
   */
  readonly reloadMs?: number;
  readonly log: Log;
  readonly metrics: Metrics;
  /** What is missing until it may be called ready: codes or words; empty when nothing is. */
  readonly missing: () => Promise<readonly string[]>;
  /** Adds what else it serves. */
  readonly routes: (app: FastifyInstance<Server>) => Promise<void>;
}

const RELOAD_MS = 5_000;
const KEEP_ALIVE_MS = 72_000;
const LEFTOVER_MS = 5_000;

/** Asked by probes and scrapers. */
export const OWN_ROUTES: readonly string[] = ['/health', '/ready', '/metrics'];

/**
 * The HTTPS server of a service: `/health` (the process answers), `/ready` (its dependencies do), `/metrics`. A
 * renewed certificate is served to the next connection.
 */
export async function serve(props: ServerProps): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { tls, log, metrics } = props;
  const context = () => ({ ...read(tls), minVersion: 'TLSv1.2' as const });
  const first = context();
  const app = fastify({
    https: first,
    forceCloseConnections: 'idle',
    keepAliveTimeout: props.keepAliveMs ?? KEEP_ALIVE_MS,
    trustProxy: props.trustedProxies ? [...props.trustedProxies] : false,
  });
  metrics.certificateExpiry.set(endOf(first.cert));

  // Whoever closes these paths to the world knows them as they are written, and not otherwise encoded.
  app.addHook('onRequest', async ({ url, routeOptions }, reply) => {
    const written = url.split('?')[0] ?? '';
    if (OWN_ROUTES.includes(routeOptions.url ?? '') && !OWN_ROUTES.includes(written))
      return reply.callNotFound();
  });
  const sockets = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  app.get('/health', () => ({ status: 'alive' }));
  app.get('/ready', async (_, reply) => {
    const missing = await props.missing();
    metrics.ready.set(missing.length === 0 ? 1 : 0);
    return reply.status(missing.length === 0 ? 200 : 503).send({ ready: missing.length === 0, missing });
  });
  app.get('/metrics', async (_, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  // A connection that would be kept after its last answer keeps the server from its end.
  let closing = false;
  app.addHook('onSend', async (_, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async ({ routeOptions }, { statusCode }) => {
    if (!OWN_ROUTES.includes(routeOptions.url ?? ''))
      metrics.answers.inc({ status: `${Math.floor(statusCode / 100)}xx` });
  });
  await props.routes(app);

  const reload = () => {
    try {
      const next = context();
      app.server.setSecureContext(next);
      metrics.certificateExpiry.set(endOf(next.cert));
      log.info('certificate reloaded');
    } catch (error) {
      // Written half, or key and certificate of different times: the old one is served until the next change.
      log.warn('certificate not reloaded', {
        message: error instanceof Error ? error.message : String(error),
      });
    }
  };
  const files = [tls.certificate, tls.key];
  for (const file of files)
    watchFile(file, { interval: props.reloadMs ?? RELOAD_MS, persistent: false }, reload);

  await app.listen({ port: props.port, host: props.host });
  const address = app.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : props.port,
    close: async () => {
      closing = true;
      for (const file of files) unwatchFile(file, reload);
      // Whoever does not read its last answer holds nobody up.
      const leftover = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, props.leftoverMs ?? LEFTOVER_MS);
      await app.close();
      clearTimeout(leftover);
    },
  };
}

/** Seconds since 1970. */
function endOf(certificate: Buffer): number {
  return Date.parse(new X509Certificate(certificate).validTo) / 1_000;
}

function read({ certificate, key }: TlsFiles) {
  return { cert: readFileSync(certificate), key: readFileSync(key) };
}
