import type { Server } from 'node:https';
import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '../errors.js';
import { CSRF_HEADER } from './api/index.js';
import type { Membership } from './membership.js';
import type { Access, TokenService, Tokens } from './tokens.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Asked by servers, not by pages: it has neither cookies nor an origin, and proves itself what it says. */
    readonly fromServers?: boolean;
  }
  interface FastifyRequest {
    /** Who asks; only behind `signedIn`. */
    access: Access;
  }
}

/** `__Host-`: set over TLS, by this host, for this host alone. */
export const ACCESS = '__Host-access';
/** Sent to where it is exchanged or ended, and nowhere else. */
const REFRESH = '__Secure-refresh';
const REFRESH_PATH = '/api/session';
const COMMON = { httpOnly: true, secure: true, sameSite: 'strict' } as const;
export const SAFE: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

export interface Guard {
  readonly signedIn: (request: FastifyRequest) => Promise<void>;
  /** Behind `signedIn`, on routes with `:thread`. @throws NotFound, the same for no thread as for another's */
  readonly member: (request: FastifyRequest) => Promise<void>;
  readonly setCookies: (reply: FastifyReply, tokens: Tokens) => void;
  readonly clearCookies: (reply: FastifyReply) => void;
  readonly refreshToken: (request: FastifyRequest) => string;
}

/** Lets requests in by the cookies, and those that change something only from the page itself. */
export async function guardOf(
  app: FastifyInstance<Server>,
  publicUrl: string,
  tokens: TokenService,
  membership: () => Membership,
): Promise<Guard> {
  const { origin } = new URL(publicUrl);
  await app.register(cookie);
  app.decorateRequest('access');
  app.addHook('onRequest', async ({ method, headers, routeOptions }) => {
    if (routeOptions.config?.fromServers) return;
    const opensSocket = headers.upgrade !== undefined;
    if (SAFE.includes(method) && !opensSocket) return;
    const marked = opensSocket || headers[CSRF_HEADER.name] === CSRF_HEADER.value;
    if (headers.origin === origin && marked) return;
    throw new ServiceError('OriginRefused', 'the request does not come from the page of the voice chat');
  });
  return {
    signedIn: async request => {
      request.access = await tokens.verify(request.cookies[ACCESS]);
    },
    member: async ({ access, params, query }) => {
      const thread = threadOf(params) ?? threadOf(query) ?? '';
      if (!(await membership().isMember(thread, access.user))) throw noThread();
    },
    setCookies: (reply, { access, refresh, expiresAt, refreshExpiresAt }) => {
      reply.setCookie(ACCESS, access, { ...COMMON, path: '/', expires: new Date(expiresAt) });
      reply.setCookie(REFRESH, refresh, {
        ...COMMON,
        path: REFRESH_PATH,
        expires: new Date(refreshExpiresAt),
      });
    },
    clearCookies: reply => {
      reply.clearCookie(ACCESS, { ...COMMON, path: '/' });
      reply.clearCookie(REFRESH, { ...COMMON, path: REFRESH_PATH });
    },
    refreshToken: ({ cookies }) => cookies[REFRESH] ?? '',
  };
}

/** One answer for what is not there and for what is not theirs. */
export function noThread(): ServiceError {
  return new ServiceError('NotFound', 'there is no such thread, or not for you');
}

function threadOf(of: unknown): string | undefined {
  return typeof of === 'object' && of !== null && 'thread' in of && typeof of.thread === 'string'
    ? of.thread
    : undefined;
}
