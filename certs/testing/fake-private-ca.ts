import { createServer } from 'node:http';
import { FakeAuthorities, type FakeLimits } from './fake-authorities.js';
import { Refusal } from './fake-schemas.js';

export interface FakePrivateCaOptions extends FakeLimits {
  /** Share of the calls that are throttled before they do anything. @default 0 */
  readonly throttled?: number;
  /** Share of the calls that are done, and whose answer is then lost with the connection. @default 0 */
  readonly lost?: number;
  /** What a call is refused with, before it does anything. @default - what the dice say */
  readonly refuses?: () => string | undefined;
  /** Throws the dice. @default 1 */
  readonly seed?: number;
}

export interface FakePrivateCa {
  readonly url: string;
  readonly authorities: FakeAuthorities;
  /** Calls by operation, throttled and lost ones included. */
  readonly calls: ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
}

const TARGET = 'ACMPrivateCA.';

/** AWS Private CA on the wire (JSON 1.1), as strict as its documentation: async, throttled, idempotent, limited. */
export async function startFakePrivateCa(options: FakePrivateCaOptions = {}): Promise<FakePrivateCa> {
  const { throttled = 0, lost = 0, seed = 1 } = options;
  const authorities = new FakeAuthorities(options);
  const dice = dieOf(seed);
  const calls = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const target = String(request.headers['x-amz-target']);
    const operation = target.slice(TARGET.length);
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(body));
    };
    const refuse = (name: string, message: string) => answer(400, { __type: name, message });
    if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256')) {
      return refuse('AccessDeniedException', 'the request is not signed');
    }
    const refusal = options.refuses?.();
    if (refusal !== undefined) return refuse(refusal, 'as the test wants it');
    if (dice() < throttled) return refuse('ThrottlingException', 'Rate exceeded');
    try {
      const result = authorities.call(operation, JSON.parse(Buffer.concat(chunks).toString('utf8')));
      if (dice() < lost) return request.socket.destroy();
      answer(200, result);
    } catch (error) {
      if (error instanceof Refusal) refuse(error.name, error.message);
      else answer(500, { __type: 'InternalFailure', message: String(error) });
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    authorities,
    calls,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A small deterministic generator (mulberry32). */
function dieOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
