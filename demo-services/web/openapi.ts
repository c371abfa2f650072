import type { Server } from 'node:https';
import swagger, { type FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  accepted,
  CSRF_HEADER,
  found,
  liveEvents,
  page,
  problem,
  routes,
  session,
  signedOut,
  streamDown,
  streamUp,
  threadDetail,
  threadList,
  upload,
  waysIn,
} from './api/index.js';
import { ACCESS, type Guard, SAFE } from './guard.js';
import { OIDC_CALLBACK, OIDC_ENDED } from './oidc.js';

/** A schema of the body, or what there is instead of one. */
type Answer = z.ZodType | string;

const GONE_ON = 'Leads on by `location`.';
const DONE = 'Done; there is no body.';

/** How each request is answered that succeeds. */
const ANSWERS: Readonly<Record<string, Readonly<Record<number, Answer>>>> = {
  [`GET ${routes.ways}`]: { 200: waysIn },
  [`POST ${routes.session}`]: { 200: session },
  [`GET ${routes.session}`]: { 200: session },
  [`DELETE ${routes.session}`]: { 200: signedOut, 204: DONE },
  [`POST ${routes.refresh}`]: { 200: session },
  [`POST ${routes.people}`]: { 201: session },
  [`GET ${routes.oidc}`]: { 302: GONE_ON },
  [`GET ${OIDC_CALLBACK}`]: { 302: GONE_ON },
  [`POST ${OIDC_ENDED}`]: { 200: DONE },
  [`GET ${routes.threads}`]: { 200: threadList },
  [`POST ${routes.threads}`]: { 201: threadDetail },
  'GET /api/threads/:thread': { 200: threadDetail },
  'POST /api/threads/:thread/members': { 200: threadDetail },
  'DELETE /api/threads/:thread/members/:name': { 204: DONE },
  'GET /api/threads/:thread/messages': { 200: page },
  'POST /api/threads/:thread/messages': { 202: accepted },
  'POST /api/threads/:thread/uploads': { 201: upload },
  'POST /api/threads/:thread/signals': { 204: DONE },
  'GET /api/threads/:thread/messages/:id/media': { 302: GONE_ON },
  'GET /api/threads/:thread/messages/:id/picture': { 302: GONE_ON },
  [`GET ${routes.search}`]: { 200: found },
  [`GET ${routes.events}`]: {
    200: z.string().describe(`text/event-stream; events: ${Object.keys(liveEvents).join(', ')}.`),
  },
  [`GET ${routes.stream}`]: {
    101: `A WebSocket. Up: ${typesOf(streamUp)}, and binary frames; down: ${typesOf(streamDown)}.`,
  },
};

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
    const answers = ANSWERS[`${route.method} ${url}`];
    // The page's files, and what is asked from inside alone.
    if (answers === undefined) return { url, schema: { hide: true } };
    const { success, empty } = answersIn(answers);
    const described = jsonSchemaTransform({
      ...document,
      schema: {
        ...route.schema,
        ...headersOf(route, origin, document.schema?.headers),
        hide: false,
        response: { ...success, '4XX': problem, '5XX': problem },
      },
    });
    const { response, ...schema } = described.schema as { readonly response: object };
    return {
      url,
      schema: {
        ...schema,
        response: { ...empty, ...response },
        ...([route.onRequest].flat().includes(signedIn as never) && { security: [{ session: [] }] }),
      },
    };
  };
}

function answersIn(answers: Readonly<Record<number, Answer>>) {
  const all = Object.entries(answers);
  return {
    success: Object.fromEntries(all.filter(([, answer]) => typeof answer !== 'string')),
    empty: Object.fromEntries(
      all.flatMap(([status, answer]) =>
        typeof answer === 'string' ? [[status, { type: 'null', description: answer }]] : [],
      ),
    ),
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

function typesOf(union: { readonly options: readonly z.ZodObject[] }): string {
  return union.options.map(({ shape }) => (shape['type'] as z.ZodLiteral).value).join(', ');
}
