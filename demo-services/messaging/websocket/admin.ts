import { request } from 'node:https';
import { type Code, ServiceError } from '../../errors.js';
import { parseId } from '../message-id.js';
import type { Position } from '../port.js';
import { type Credentials, readCredentials } from '../tls/credentials.js';
import { addressOf, dial } from '../tls/dial.js';
import type { LinkContext } from './link.js';
import { topicPath } from './urls.js';

const MAX_REDIRECTS = 3;
/** Longs beyond JavaScript's numbers, so they are written into the JSON as text. */
const EARLIEST = '{"ledgerId":-1,"entryId":-1}';
const LATEST = '{"ledgerId":9223372036854775807,"entryId":9223372036854775807}';

interface CursorMove {
  readonly topic: string;
  readonly subscription: string;
  readonly position: Position;
}

/** Moves a subscription: the WebSocket API can't, so it goes over the admin API, which the gateway's port serves too. */
export async function moveCursor(
  context: LinkContext,
  { topic, subscription, position }: CursorMove,
): Promise<void> {
  const path = `/admin/v2/${topicPath(topic)}/subscription/${encodeURIComponent(subscription)}/resetcursor`;
  if (typeof position === 'object' && 'time' in position) {
    await call(context, 'POST', `${path}/${position.time.getTime()}`);
  } else {
    await call(context, 'POST', path, cursorOf(position));
  }
}

/** The id to read after, so that what was published at or after `time` follows. */
export async function idBefore(context: LinkContext, topic: string, time: Date): Promise<string> {
  const path = `/admin/v2/${topicPath(topic)}/messageid/${time.getTime()}`;
  const { ledgerId, entryId, partitionIndex } = JSON.parse(await call(context, 'GET', path));
  return `${ledgerId}:${entryId - 1}:${partitionIndex}`;
}

/** The id of the newest message; of an empty topic the place before its first. */
export async function lastId(context: LinkContext, topic: string): Promise<string> {
  const answer = await call(context, 'GET', `/admin/v2/${topicPath(topic)}/lastMessageId`);
  const { ledgerId, entryId, partitionIndex } = JSON.parse(answer);
  return `${ledgerId}:${entryId}:${partitionIndex}`;
}

function cursorOf(position: Exclude<Position, { readonly time: Date }>): string {
  if (position === 'earliest') return EARLIEST;
  if (position === 'latest') return LATEST;
  const { ledger, entry, partition, index } = parseId(position.after);
  return JSON.stringify({
    ledgerId: ledger,
    entryId: entry,
    partitionIndex: partition,
    ...(index >= 0 && { batchIndex: index }),
    excluded: true,
  });
}

/** One request to the admin API; a broker that doesn't own the topic redirects to the one that does. */
async function call(context: LinkContext, method: string, path: string, body?: string): Promise<string> {
  const credentials = await readCredentials(context.credentials);
  let url = new URL(path, context.url.replace(/^wss:/, 'https:'));
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const answer = await exchange(url, { method, credentials, body, context });
    if (answer.status < 300) return answer.body;
    if (answer.status !== 307 || answer.location === undefined) throw refusal(url, answer);
    url = new URL(answer.location, url);
    if (url.protocol !== 'https:') break;
  }
  throw new ServiceError('BrokerRefused', 'the broker redirects to nowhere', { where: url.host });
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly location: string | undefined;
}

interface Exchange {
  readonly method: string;
  readonly credentials: Credentials;
  readonly body: string | undefined;
  readonly context: LinkContext;
}

function exchange(url: URL, { method, credentials, body, context }: Exchange): Promise<Answer> {
  const { socket, explain } = dial(addressOf(url.href), credentials, context.at);
  return new Promise((resolve, reject) => {
    const sending = request(url, {
      method,
      createConnection: () => socket,
      signal: AbortSignal.timeout(context.operationTimeoutMs),
      headers: {
        ...(credentials.token !== undefined && { authorization: `Bearer ${credentials.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
    });
    sending.on('error', error => reject(explain(error)));
    sending.on('response', async response => {
      try {
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        resolve({ status: response.statusCode ?? 0, body: text, location: response.headers.location });
      } catch (error) {
        reject(explain(error));
      }
    });
    sending.end(body);
  });
}

function refusal(url: URL, { status, body }: Answer): ServiceError {
  const codes: Readonly<Record<number, Code>> = {
    401: 'AuthenticationFailed',
    403: 'AuthorizationFailed',
    404: 'TopicNotFound',
  };
  return new ServiceError(codes[status] ?? 'BrokerRefused', 'the broker refuses to move the subscription', {
    where: url.pathname,
    saw: `${status} ${body.slice(0, 300)}`,
  });
}
