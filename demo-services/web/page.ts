import { existsSync } from 'node:fs';
import type { Server } from 'node:https';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import helmet from '@fastify/helmet';
import files from '@fastify/static';
import type { FastifyInstance } from 'fastify';

export interface PageProps {
  /** @default - beside the program */
  readonly folder?: string | undefined;
  /** Where recordings and pictures come from and go to. */
  readonly storeOrigins: readonly string[];
}

/** What a page may do: run its own script and style, talk to its own origin and to the object store. */
export async function headers(app: FastifyInstance<Server>, storeOrigins: readonly string[]): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        fontSrc: ["'self'"],
        manifestSrc: ["'self'"],
        workerSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:', ...storeOrigins],
        mediaSrc: ["'self'", 'blob:', ...storeOrigins],
        connectSrc: ["'self'", ...storeOrigins],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginEmbedderPolicy: false,
  });
  app.addHook('onSend', async (_, reply) => {
    reply.header('permissions-policy', 'microphone=(self), camera=(self), geolocation=()');
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
}

/** A file whose name holds a hash of its contents never changes. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Serves the built page, and a newer build of it as soon as it is there. Without one the API is all there is. */
export async function pageFiles(app: FastifyInstance<Server>, folder: string | undefined): Promise<void> {
  const root = path.normalize(folder ?? fileURLToPath(new URL('./page/', import.meta.url)));
  if (!existsSync(path.join(root, 'index.html'))) return;
  const assets = path.join(root, 'assets');
  await app.register(files, {
    root: assets,
    prefix: '/assets/',
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, file) => {
      reply.header('cache-control', file.startsWith(assets) ? FOR_EVER : 'no-cache');
    },
  });
  app.get('/worker.js', { schema: { hide: true } }, (_, reply) => reply.sendFile('worker.js', root));
  app.get('/', { schema: { hide: true } }, (_, reply) => reply.sendFile('index.html', root));
}
