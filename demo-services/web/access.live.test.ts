import { randomUUID } from 'node:crypto';
import { fastify } from 'fastify';
import { Registry } from 'prom-client';
import { ulid } from 'ulid';
import { fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServiceError } from '../errors.js';
import { readEnv } from '../runtime/env.js';
import { logTo } from '../runtime/log.js';
import { eventually, recording, sha256 } from '../testing/voice.js';
import { CSRF_HEADER, IDEMPOTENCY_HEADER } from './api/index.js';
import { webEnv } from './env.js';
import { frontDoor } from './front-door.js';
import { gaugesOf } from './gauges.js';
import { type House, openHouse } from './testing/house.js';
import { type Person, personOf } from './testing/person.js';

const THREAD = 'secret-circle';
const upload = { kind: 'audio', contentType: 'audio/webm', size: 10, sha256: 'ab'.repeat(32) };

interface Case {
  readonly body?: object;
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

/** What a stranger could ask of each route; `open` ones tell nothing of any thread. */
const CASES: Readonly<Record<string, Case | 'open'>> = {
  'GET /api/session/ways': 'open',
  'POST /api/session': 'open',
  'POST /api/people': 'open',
  'GET /api/session/oidc': 'open',
  'GET /api/session/oidc/callback': 'open',
  'POST /api/session/oidc/ended': 'open',
  'GET /api/session': 'open',
  'POST /api/session/refresh': 'open',
  'DELETE /api/session': 'open',
  'GET /api/openapi.json': 'open',
  'GET /api/threads': 'open',
  'POST /api/threads': 'open',
  'GET /api/search': { query: `?q=morning&thread=${THREAD}` },
  'GET /api/events': 'open',
  'GET /stream': { query: `?thread=${THREAD}` },
  'GET /api/threads/:thread': {},
  'POST /api/threads/:thread/members': { body: { name: 'eve' } },
  'DELETE /api/threads/:thread/members/:name': {},
  'GET /api/threads/:thread/messages': {},
  'POST /api/threads/:thread/uploads': { body: upload },
  'POST /api/threads/:thread/messages': {
    body: { upload: ulid(), createdAt: new Date().toISOString() },
    headers: { [IDEMPOTENCY_HEADER]: randomUUID() },
  },
  'POST /api/threads/:thread/signals': { body: { recording: true } },
  'GET /api/threads/:thread/messages/:id/media': {},
  'GET /api/threads/:thread/messages/:id/picture': {},
};

/** Every route that the front door registers. */
async function routesOf(env: Record<string, string>): Promise<string[]> {
  const app = fastify({ https: {} });
  const routes: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'HEAD') routes.push(`${one} ${url}`);
  });
  await frontDoor(app, {
    env: readEnv(webEnv, env),
    log: logTo('test', 'error'),
    gauges: gaugesOf(new Registry(), logTo('test', 'error')),
    parts: () => {
      throw new ServiceError('NotReady', 'nobody is here');
    },
  });
  await app.ready();
  await app.close();
  return routes;
}

describe('a stranger with a valid session', () => {
  let house: House;
  let ada: Person;
  let eve: Person;
  let id: string;
  let adasUpload: string;
  beforeAll(async () => {
    house = await openHouse({
      users: ['ada', 'bob', 'eve'],
      threads: [
        { id: THREAD, members: ['ada', 'bob'] },
        { id: 'eves', members: ['eve'] },
      ],
    });
    [ada, eve] = [personOf(house.url, 'ada'), personOf(house.url, 'eve')];
    await ada.signIn();
    await eve.signIn();
    const bytes = await recording();
    adasUpload = await ada.upload(THREAD, bytes);
    id = (await ada.send(THREAD, await ada.upload(THREAD, bytes))).body.id;
    await eventually(async () => {
      const media = await ada.ask('GET', `/api/threads/${THREAD}/messages/${id}/media`);
      expect(media.status).toBe(302);
    });
  });
  afterAll(() => house.close());

  it('meets a case of this test on every route that there is', async () => {
    const file = '/nowhere';
    const { env } = house.voice;
    const routes = await routesOf({
      ...env,
      ...{ TLS_TRUST_FILE: file, INTERNAL_KEY_FILE: file, SESSION_KEY_FILE: file, DATABASE_FILE: file },
      ...{ PUBLIC_URL: house.url, THREAD_URL: house.url, PAGE_FOLDER: file },
    });
    expect(routes.filter(route => CASES[route] === undefined)).toEqual([]);
    expect(Object.keys(CASES).filter(route => !routes.includes(route))).toEqual([]);
  });

  const closed = Object.entries(CASES).filter((one): one is [string, Case] => one[1] !== 'open');
  const addressOf = (route: string, thread: string, message: string, query = '') => {
    const [method = '', url = ''] = route.split(' ');
    const at = url.replace(':thread', thread).replace(':id', message).replace(':name', 'bob');
    return [method, `${at}${query.replace(THREAD, thread)}`] as const;
  };

  it.each(closed)(
    'is told by %s nothing but that there is no such thing',
    async (route, { body, query, headers }) => {
      const ask = (thread: string) => eve.ask(...addressOf(route, thread, id, query), body, headers);
      const [theirs, nobodys] = [await ask(THREAD), await ask('there-is-none')];
      expect(theirs).toMatchObject({ status: 404, body: { code: 'NotFound' } });
      expect(theirs.body).toEqual(nobodys.body);
    },
  );

  it.each(closed)('is not let in by %s without a session', async (route, { body, query, headers }) => {
    const nobody = personOf(house.url, 'nobody');
    const answer = await nobody.ask(...addressOf(route, THREAD, id, query), body, headers);
    expect(answer).toMatchObject({ status: 401, body: { code: 'NotSignedIn' } });
  });

  it('opens no stream into it, nor does another site or somebody without a session', async () => {
    const open = async (who: Person, headers?: Record<string, string>) => {
      const speaking = who.speak(THREAD, headers);
      const status = await speaking.opened;
      speaking.socket.terminate();
      return status;
    };
    expect(await open(eve)).toBe(404);
    expect(await open(personOf(house.url, 'nobody'))).toBe(401);
    expect(await open(ada, { origin: 'https://evil.example' })).toBe(403);
    expect(await open(ada)).toBe(101);
  });

  it('finds nothing of it in lists, search and live events', async () => {
    const before = await eve.ask('GET', '/api/threads');
    const listening = await eve.listen();
    const late = (await ada.send(THREAD, await ada.upload(THREAD, await recording()))).body.id;
    const own = await eve.send('eves', await eve.upload('eves', await recording()));
    await eventually(() => expect(listening.entries.map(one => one.id)).toContain(own.body.id));
    expect(listening.entries.map(one => one.id)).not.toContain(late);
    listening.close();
    // A page that comes back is told what it missed: of its own threads.
    const again = await eve.listen(before.body.position);
    await eventually(() => expect(again.entries.map(one => one.id)).toContain(own.body.id));
    expect(again.entries.map(one => one.thread)).not.toContain(THREAD);
    again.close();
    const { body } = await eve.ask('GET', '/api/threads');
    expect(body.threads.map((one: { id: string }) => one.id)).toEqual(['eves']);
    expect((await eve.ask('GET', '/api/search?q=morning')).body).toEqual({
      entries: [],
      hasBefore: false,
      titles: {},
    });
  });

  it("gets no message of another's by an id, nor an object by another's upload", async () => {
    for (const what of ['media', 'picture']) {
      const answer = await eve.ask('GET', `/api/threads/eves/messages/${id}/${what}`);
      expect(answer).toMatchObject({ status: 404, body: { code: 'NotFound' } });
    }
    expect(await eve.send('eves', adasUpload)).toMatchObject({
      status: 409,
      body: { code: 'UploadMissing' },
    });
  });

  const threads = '/api/threads';
  const inEves = (more: string) => `${threads}/eves/${more}`;
  const message = { upload: ulid(), createdAt: new Date().toISOString() };
  const key = { [IDEMPOTENCY_HEADER]: 'a-valid-key' };
  it.each<[string, number, string, string, string, unknown?, Record<string, string>?]>([
    ['a script in a title', 400, 'RequestInvalid', 'POST', threads, { title: '<script>alert(1)</script>' }],
    ['a script as a name', 400, 'RequestInvalid', 'POST', inEves('members'), { name: '<img src=x>' }],
    ['a member who does not exist', 404, 'UserUnknown', 'POST', inEves('members'), { name: 'nobody' }],
    ['a title of control characters', 400, 'RequestInvalid', 'POST', threads, { title: 'a\u0000b' }],
    ['a title that is too long', 400, 'RequestInvalid', 'POST', threads, { title: 'x'.repeat(81) }],
    ['a number as a title', 400, 'RequestInvalid', 'POST', threads, { title: 7 }],
    ['a body that is no JSON', 400, 'RequestInvalid', 'POST', threads, '{"title":'],
    ['a huge body', 413, 'RequestTooLarge', 'POST', threads, { title: 'x'.repeat(2_000_000) }],
    ['a body of another type', 415, 'RequestInvalid', 'POST', threads, 'a=b', { 'content-type': 'text/xml' }],
    ['a thread that climbs', 400, 'RequestInvalid', 'GET', `${threads}/..%2f..%2fetc/messages`],
    ['a page behind the files', 404, 'NotFound', 'GET', '/..%2f..%2f..%2fetc%2fpasswd'],
    ['an upload of nothing', 400, 'RequestInvalid', 'POST', inEves('uploads'), { ...upload, size: 0 }],
    ['an upload of gigabytes', 400, 'RequestInvalid', 'POST', inEves('uploads'), { ...upload, size: 2e9 }],
    [
      'a program as audio',
      400,
      'RequestInvalid',
      'POST',
      inEves('uploads'),
      { ...upload, contentType: 'text/html' },
    ],
    ['a sha256 that is none', 400, 'RequestInvalid', 'POST', inEves('uploads'), { ...upload, sha256: 'xyz' }],
    ['a message without a key', 400, 'RequestInvalid', 'POST', inEves('messages'), message],
    [
      'a key that is too short',
      400,
      'RequestInvalid',
      'POST',
      inEves('messages'),
      message,
      { [IDEMPOTENCY_HEADER]: 'k' },
    ],
    ['an upload that is not there', 409, 'UploadMissing', 'POST', inEves('messages'), message, key],
    [
      'a time that is none',
      400,
      'RequestInvalid',
      'POST',
      inEves('messages'),
      { ...message, createdAt: 'now' },
      key,
    ],
    ['a cursor that is none', 400, 'RequestInvalid', 'GET', inEves("messages?before=';drop")],
    ['two cursors', 400, 'RequestInvalid', 'GET', inEves(`messages?before=${ulid()}&after=${ulid()}`)],
    ['a limit beyond all', 400, 'RequestInvalid', 'GET', inEves('messages?limit=1000000')],
    ['a search for nothing', 400, 'RequestInvalid', 'GET', '/api/search?q=%20'],
    ['a place in the log that was never given out', 400, 'RequestInvalid', 'GET', '/api/events?after=1:2:3'],
    [
      'the request of another site',
      403,
      'OriginRefused',
      'POST',
      threads,
      { title: 'x' },
      { origin: 'https://evil.example' },
    ],
    [
      'a form of another site',
      403,
      'OriginRefused',
      'POST',
      threads,
      { title: 'x' },
      { [CSRF_HEADER.name]: '' },
    ],
    [
      'a name by a short password',
      400,
      'RequestInvalid',
      'POST',
      '/api/people',
      { name: 'mal', password: 'short' },
    ],
    [
      'a name while strangers are not wanted',
      403,
      'RegistrationClosed',
      'POST',
      '/api/people',
      { name: 'mallory', password: 'correct horse battery' },
    ],
    ['a wrong password', 401, 'SignInRefused', 'POST', '/api/session', { name: 'eve', password: 'guess' }],
    [
      'somebody unknown',
      401,
      'SignInRefused',
      'POST',
      '/api/session',
      { name: 'mallory', password: 'guess' },
    ],
  ])('is refused %s', async (_, status, code, method, page, body, headers) => {
    expect(await eve.ask(method, page, body, headers)).toMatchObject({ status, body: { code } });
  });

  it('cannot put other bytes than those that were announced', async () => {
    const bytes = await recording();
    const wanted = { ...upload, size: bytes.byteLength, sha256: sha256(Buffer.from('others')) };
    const { body } = await eve.ask('POST', inEves('uploads'), wanted);
    const { status } = await fetch(body.url, {
      method: 'PUT',
      headers: body.headers,
      body: bytes,
      dispatcher: eve.dispatcher,
    });
    expect(status).toBeGreaterThanOrEqual(400);
    const answer = await eve.send('eves', body.upload);
    expect(answer).toMatchObject({ status: 409, body: { code: 'UploadMissing' } });
  });

  it('is slowed down when it guesses passwords', async () => {
    const guesses: number[] = [];
    for (let i = 0; i < 12; i++) guesses.push((await personOf(house.url, 'bob').signIn('guess')).status);
    expect(guesses.at(-1)).toBe(429);
  });

  it('runs no script that is not of the page', async () => {
    const { headers } = await eve.ask('GET', '/api/session');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
  });
});
