import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { type Code, ServiceError } from '../../errors.js';
import type { Credentials } from '../tls/credentials.js';
import { type Address, addressOf, dial } from '../tls/dial.js';

/** Larger than any message of Pulsar in base64; a gateway that sends more is out of its mind. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;

export interface Upgraded {
  readonly socket: WebSocket;
  /** Makes what is written until the end of the turn leave in one piece. */
  readonly gather: () => void;
}

export interface UpgradeOptions {
  readonly credentials: Credentials;
  /** Until TCP and TLS stand. */
  readonly connectTimeoutMs: number;
  /** Until the gateway has answered. */
  readonly timeoutMs: number;
  /** What the gateway's 409 means. */
  readonly busy: Code;
  readonly at?: Address;
}

/** The gateway asks the broker for a producer or consumer before it answers, and gives up after 30 s. */
export const GATEWAY_PATIENCE_MS = 35_000;

/**
 * Opens one WebSocket with these credentials. One that opens too late is closed then, not before: a connection that is
 * gone when the gateway has made its producer or consumer leaves it that for ever. Its consumer would hold messages,
 * its producer a name.
 *
 * @throws ServiceError
 */
export async function upgrade(
  url: string,
  { credentials, connectTimeoutMs, timeoutMs, busy, at }: UpgradeOptions,
): Promise<Upgraded> {
  const address = addressOf(url);
  const { socket: tls, explain } = dial(address, credentials, at);
  const where = `${address.host}:${address.port}`;
  const socket = new WebSocket(url, {
    createConnection: () => tls,
    ...(credentials.token !== undefined && { headers: { authorization: `Bearer ${credentials.token}` } }),
    perMessageDeflate: false,
    // Masks guard caches that speak plain HTTP against pages of strangers. Here TLS is around, and no stranger within.
    generateMask: noMask,
    maxPayload: MAX_FRAME_BYTES,
    followRedirects: false,
  });
  const began = Date.now();
  return new Promise((resolve, reject) => {
    const fail = (error: ServiceError) => {
      clearTimeout(timer);
      socket.removeAllListeners('error').on('error', ignore);
      socket.terminate();
      tls.destroy();
      reject(error);
    };
    const tooLate = () =>
      new ServiceError('Timeout', 'the WebSocket gateway did not answer in time', { where });
    let isAbandoned = false;
    const abandon = () => {
      isAbandoned = true;
      reject(tooLate());
      timer = setTimeout(() => fail(tooLate()), GATEWAY_PATIENCE_MS);
    };
    let timer = setTimeout(() => fail(tooLate()), connectTimeoutMs);
    tls.once('secureConnect', () => {
      clearTimeout(timer);
      timer = setTimeout(abandon, timeoutMs - (Date.now() - began));
    });
    socket.once('error', error => fail(explain(error)));
    socket.once('unexpected-response', (_request, response) => {
      refusal(response, where, busy).then(fail, error => fail(explain(error)));
    });
    socket.once('open', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      if (isAbandoned) {
        socket.on('error', ignore).close(1000);
        return;
      }
      // What came with the answer waits until somebody listens.
      socket.pause();
      resolve({
        socket,
        gather: () => {
          if (tls.writableCorked > 0) return;
          tls.cork();
          setImmediate(() => tls.uncork());
        },
      });
    });
  });
}

/** What the gateway's HTTP answer means. */
async function refusal(response: IncomingMessage, where: string, busy: Code): Promise<ServiceError> {
  const status = response.statusCode ?? 0;
  const saw = `${status} ${await reasonIn(response)}`;
  const error = (code: Code, message: string) => new ServiceError(code, message, { where, saw });
  if (status === 401) return error('AuthenticationFailed', 'the broker does not accept the token');
  if (status === 403) return error('AuthorizationFailed', 'the role may not do this on this topic');
  if (status === 404) return error('TopicNotFound', 'there is no such topic');
  if (status === 409) return error(busy, 'another client holds what this one wants');
  if (status === 504) return error('Timeout', 'the broker did not answer its gateway in time');
  return error('BrokerRefused', 'the WebSocket gateway refuses');
}

/** The message in Jetty's error page. */
async function reasonIn(response: IncomingMessage): Promise<string> {
  let page = '';
  for await (const chunk of response.setEncoding('utf8')) page = (page + chunk).slice(0, 10_000);
  const reason = /<th>MESSAGE:<\/th><td>([^<]*)/.exec(page)?.[1] ?? page;
  return reason.replaceAll('&apos;', "'").replaceAll('&quot;', '"').trim().slice(0, 300);
}

function noMask(mask: Buffer): void {
  mask.fill(0);
}

function ignore(): void {
  // What a socket says after it was given up.
}
