import type { Server } from 'node:https';
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { CSRF_HEADER, problem, routes } from './api/index.js';
import { ACCESS, type Guard, SAFE } from './guard.js';

/** GET /api/openapi.json: made of the schemas that requests are checked by, and of how they are answered. */
export async function describeApi(
  app: FastifyInstance<Server>,
  publicUrl: string,
  guard: Guard,
): Promise<void> {
  const { origin } = new URL(publicUrl);
  await app.register(swagger, {
    openapi: {
      info: { title: 'Voice chat', version: '1' },
      servers: [{ url: origin }],
      components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: ACCESS } } },
    },
    transform: transformFor(origin, guard),
  });
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger());
}

function transformFor(origin: string, { signedIn }: Guard): FastifyDynamicSwaggerOptions['transform'] {
  return document => {
    const { route, url } = document;
    const { response } = route.schema ?? {};
    // The page's files, and what is asked from inside alone.
    if (response === undefined) return { url, schema: { hide: true } };
    const { schema } = jsonSchemaTransform({
      ...document,
      schema: {
        ...route.schema,
        ...headersOf(route, origin, document.schema?.headers),
        hide: false,
        response: { ...response, '4XX': problem, '5XX': problem },
      },
    });
    return {
      url,
      schema: {
        ...schema,
        ...([route.onRequest].flat().includes(signedIn as never) && { security: [{ session: [] }] }),
      },
    };
  };
}

/** What the guard wants of requests that change something, and of WebSockets. */
function headersOf(route: RouteOptions, origin: string, own: unknown) {
  const opensSocket = route.url === routes.stream;
  const isSafe = [route.method].flat().every(method => SAFE.includes(method));
  if (route.config?.fromServers || (isSafe && !opensSocket)) return {};
  const headers = z.object({
    origin: z.literal(origin).describe('Browsers set it themselves.'),
    ...(!opensSocket && { [CSRF_HEADER.name]: z.literal(CSRF_HEADER.value) }),
  });
  return { headers: own instanceof z.ZodObject ? headers.extend(own.shape) : headers };
}
