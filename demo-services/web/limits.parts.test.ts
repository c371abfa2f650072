import type { Server } from 'node:https';
import { type FastifyInstance, fastify, type InjectOptions } from 'fastify';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServiceError } from '../errors.js';
import { readEnv } from '../runtime/env.js';
import { logTo } from '../runtime/log.js';
import { CSRF_HEADER } from './api/index.js';
import { webEnv } from './env.js';
import { frontDoor, PEOPLE_AT_ONE_ADDRESS } from './front-door.js';
import { gaugesOf } from './gauges.js';

const URL = 'https://chat.example';
const log = logTo('test', 'silent');
const nowhere = '/nowhere';
const env = readEnv(webEnv, {
  ...Object.fromEntries(
    ['AUDIO', 'IMAGES', 'RESULTS', 'AUDIO_DEAD_LETTERS', 'IMAGES_DEAD_LETTERS', 'SIGNALS'].map(topic => [
      `TOPIC_${topic}`,
      'persistent://a/b/c',
    ]),
  ),
  ...{ BUCKET_AUDIO: 'audio', BUCKET_IMAGES: 'images', BUCKET_RESULTS: 'results', AWS_REGION: 'eu-west-1' },
  ...{ TLS_TRUST_FILE: nowhere, TLS_CERTIFICATE_FILE: nowhere, TLS_KEY_FILE: nowhere },
  ...{ INTERNAL_KEY_FILE: nowhere, SESSION_KEY_FILE: nowhere, DATABASE_FILE: nowhere, PAGE_FOLDER: nowhere },
  ...{ PULSAR_SERVICE_URL: 'pulsar+ssl://broker:6651', PULSAR_TOKEN_FILE: nowhere },
  ...{ PUBLIC_URL: URL, THREAD_URL: URL, REQUESTS_PER_MINUTE: '2' },
});

interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
  }[];
  readonly responses: Readonly<
    Record<
      string,
      { readonly content?: Record<string, { readonly schema: { readonly properties?: object } }> }
    >
  >;
  readonly security?: object;
}

describe('a front door of which too much is asked', () => {
  let app: FastifyInstance<Server>;
  beforeEach(async () => {
    app = fastify({ https: {} });
    app.get('/health', () => ({ status: 'alive' }));
    await frontDoor(app, {
      env,
      log,
      gauges: gaugesOf(new Registry(), log),
      parts: () => {
        throw new ServiceError('NotReady', 'nobody is here');
      },
    });
  });
  afterEach(() => app.close());

  const ask = async (remoteAddress: string, url: string, more: InjectOptions = {}) => {
    const answer = await app.inject({ url, remoteAddress, ...more });
    return answer.statusCode;
  };
  const guess = (name: unknown): InjectOptions => ({
    method: 'POST',
    headers: { origin: URL, [CSRF_HEADER.name]: CSRF_HEADER.value },
    payload: { name, password: 'guess' },
  });

  it('describes every request that a page makes: what it needs, and how it is answered', async () => {
    const { paths } = (await app.inject('/api/openapi.json')).json();
    const all = Object.entries<Record<string, Operation>>(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ ...operation, name: `${method} ${path}` })),
    );
    // access.live.test.ts knows them all; there the description itself is one more.
    expect(all).toHaveLength(23);
    const statuses = Object.fromEntries(
      all.map(({ name, responses }) => [name, Object.keys(responses).filter(status => status < '4')]),
    );
    expect(statuses).toMatchObject({
      'post /api/session': ['200'],
      'delete /api/session': ['200', '204'],
      'post /api/threads': ['201'],
      'post /api/threads/{thread}/messages': ['202'],
      'post /api/threads/{thread}/signals': ['204'],
      'get /api/threads/{thread}/messages/{id}/media': ['302'],
      'get /stream': ['101'],
    });
    for (const { name, parameters = [], responses } of all) {
      const needed = parameters.filter(({ required, in: where }) => where === 'header' && required);
      const changes = !name.startsWith('get') && !name.endsWith('/ended');
      expect([name, needed.some(header => header.name === CSRF_HEADER.name)]).toEqual([name, changes]);
      expect([name, needed.some(header => header.name === 'origin')]).toEqual([
        name,
        changes || name === 'get /stream',
      ]);
      const { schema } = responses['4XX']?.content?.['application/json'] ?? {};
      expect(Object.keys(schema?.properties ?? {})).toEqual(['code', 'message']);
    }
    const send = all.find(({ name }) => name === 'post /api/threads/{thread}/messages');
    expect(send?.parameters?.map(({ name }) => name)).toContain('idempotency-key');
    expect(send?.security).toEqual([{ session: [] }]);
    expect(all.find(({ name }) => name === 'post /api/session')?.security).toBeUndefined();
  });

  it.each<[string, string, InjectOptions, number]>([
    ['without a session', '/api/threads', {}, 401],
    ['for what is not there', '/api/nothing', {}, 404],
    ['in a wrong form', '/api/session', guess(['ada']), 400],
  ])('hears an address no longer that asks %s again and again', async (_, url, how, status) => {
    for (let i = 0; i < env.REQUESTS_PER_MINUTE * PEOPLE_AT_ONE_ADDRESS; i++) {
      expect(await ask('192.0.2.1', url, how)).toBe(status);
    }
    expect(await ask('192.0.2.1', url, how)).toBe(429);
    expect(await ask('192.0.2.2', url, how)).toBe(status);
    expect(await ask('192.0.2.1', '/health')).toBe(200);
  });
});
