import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Dispatcher, fetch, type RequestInit } from 'undici';
import { inject } from 'vitest';
import { WebSocket } from 'ws';
import { fetchDispatcher } from '../../runtime/trust.js';
import { sha256 } from '../../testing/voice.js';
import {
  CSRF_HEADER,
  type Entry,
  IDEMPOTENCY_HEADER,
  routes,
  type StreamDown,
  type Upload,
} from '../api/index.js';
import { PASSWORD } from './house.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what it is, is what the test is about
  readonly body: any;
}

/** Somebody with a browser: cookies are kept, and sent as a page of the voice chat would send them. */
export interface Person {
  readonly name: string;
  readonly cookies: Map<string, string>;
  /** Trusts the platform of the tests. */
  readonly dispatcher: Dispatcher;
  readonly ask: (
    method: string,
    page: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
  readonly signIn: (password?: string) => Promise<Answer>;
  /** Uploads, and gives what the message names. */
  readonly upload: (thread: string, bytes: Uint8Array, kind?: 'audio' | 'image') => Promise<string>;
  readonly send: (thread: string, upload: string, key?: string, more?: object) => Promise<Answer>;
  /** Opens /stream. */
  readonly speak: (thread: string, headers?: Record<string, string>) => Speaking;
  readonly listen: (after?: string) => Promise<Listening>;
}

export interface Speaking {
  readonly socket: WebSocket;
  /** Status of the answer: 101 when it is open. */
  readonly opened: Promise<number>;
  readonly answers: StreamDown[];
  readonly ended: Promise<void>;
}

export interface Listening {
  readonly status: number;
  readonly entries: Entry[];
  readonly events: { readonly name: string; readonly data: string }[];
  readonly lastId: () => string;
  readonly close: () => void;
  readonly ended: Promise<void>;
}

export function personOf(url: string, name: string): Person {
  const dispatcher = fetchDispatcher(inject('platform').trust);
  const cookies = new Map<string, string>();
  const cookieHeader = () => [...cookies].map(([key, value]) => `${key}=${value}`).join('; ');
  const call = (page: string, init: RequestInit = {}) =>
    fetch(`${url}${page}`, {
      ...init,
      dispatcher,
      redirect: 'manual',
      headers: {
        cookie: cookieHeader(),
        ...(init.headers as Record<string, string>),
      },
    });
  const ask: Person['ask'] = async (method, page, body, headers = {}) => {
    const response = await call(page, {
      method,
      headers: {
        origin: url,
        [CSRF_HEADER.name]: CSRF_HEADER.value,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') cookies.delete(key);
      else cookies.set(key, value);
    }
    const text = await response.text();
    return { status: response.status, headers: response.headers as Headers, body: parse(text) };
  };
  return {
    name,
    cookies,
    dispatcher,
    ask,
    signIn: (password = PASSWORD) => ask('POST', '/api/session', { name, password }),
    upload: async (thread, bytes, kind = 'audio') => {
      const contentType = kind === 'audio' ? 'audio/webm;codecs=opus' : 'image/jpeg';
      const wanted = { kind, contentType, size: bytes.byteLength, sha256: sha256(bytes) };
      const { status, body } = await ask('POST', `/api/threads/${thread}/uploads`, wanted);
      if (status !== 201) throw new Error(`no upload: ${status} ${JSON.stringify(body)}`);
      const form = body as Upload;
      const put = await fetch(form.url, { method: 'PUT', dispatcher, headers: form.headers, body: bytes });
      if (!put.ok) throw new Error(`not put: ${put.status} ${await put.text()}`);
      return form.upload;
    },
    send: (thread, upload, key = randomUUID(), more = {}) =>
      ask(
        'POST',
        `/api/threads/${thread}/messages`,
        { upload, createdAt: new Date().toISOString(), ...more },
        { [IDEMPOTENCY_HEADER]: key },
      ),
    speak: (thread, headers) => {
      const socket = new WebSocket(`${url.replace('https', 'wss')}${routes.stream}?thread=${thread}`, {
        ca: readFileSync(inject('platform').trust),
        headers: { origin: url, cookie: cookieHeader(), ...headers },
      });
      const answers: StreamDown[] = [];
      socket.on('message', data => answers.push(JSON.parse(data.toString())));
      return {
        socket,
        answers,
        opened: new Promise((resolve, reject) => {
          socket.on('open', () => resolve(101));
          socket.on('unexpected-response', (_, { statusCode = 0 }) => resolve(statusCode));
          socket.on('error', reject);
        }),
        ended: new Promise(resolve => socket.on('close', () => resolve())),
      };
    },
    listen: async after => {
      const stop = new AbortController();
      const response = await call('/api/events', {
        signal: stop.signal,
        headers: after === undefined ? {} : { 'last-event-id': after },
      });
      const listening = { entries: [] as Entry[], events: [] as { name: string; data: string }[] };
      let lastId = after ?? '';
      const ended = (async () => {
        let rest = '';
        const decoder = new TextDecoder();
        for await (const chunk of response.body ?? []) {
          const blocks = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n');
          rest = blocks.pop() ?? '';
          for (const block of blocks) {
            const field = (of: string) => new RegExp(`^${of}: (.*)$`, 'm').exec(block)?.[1];
            const event = field('event');
            if (event === undefined) continue;
            listening.events.push({ name: event, data: field('data') ?? '' });
            lastId = field('id') ?? lastId;
            if (event === 'entry') listening.entries.push(JSON.parse(field('data') ?? ''));
          }
        }
      })().catch(() => undefined);
      return {
        ...listening,
        status: response.status,
        lastId: () => lastId,
        close: () => stop.abort(),
        ended,
      };
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
