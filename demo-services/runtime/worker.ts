import type { z } from 'zod';
import { decode, type Envelope, encode, type Result, resultKey, resultMessage } from '../contract/index.js';
import { CODES, type Code, ServiceError, waits } from '../errors.js';
import type { Attempt, Message, Producer } from '../messaging/port.js';
import type { Bucket } from '../storage/index.js';
import { errorFields, type Log } from './log.js';
import type { Metrics } from './metrics.js';
import { inSpan, type SpanProps, type Tracing } from './span.js';

/** What came of a message, without what is the same for all. */
export type Outcome = Result extends infer R
  ? R extends Result
    ? Omit<R, keyof Envelope | Common>
    : never
  : never;
type Common = 'v' | 'startedAt' | 'finishedAt';

export interface WorkerProps<Incoming extends Envelope> {
  readonly schema: z.ZodType<Incoming>;
  /**
   * The work itself. It stores what it makes under keys computed from the message's id. What it throws decides: a
   * `ServiceError` that waiting can mend is thrown on, every other one is the message's fate.
   */
  readonly work: (message: Incoming, signal: AbortSignal) => Promise<Outcome>;
  readonly results: { readonly bucket: Bucket; readonly producer: Pick<Producer, 'send'> };
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
}

/** Failures for a reason that the service does not know, here or before a redelivery, until it gives a message up. */
const MAX_UNEXPECTED = 5;

/**
 * The handler of a service's messages: from a message to exactly one result, however often it is delivered.
 *
 * The result is stored first, under a key made from the message's id, only if there is none: so of all attempts one
 * decides. What is then announced on the topic is what is stored, byte by byte, and only then does the message end. A
 * failure is a result like any other, and its message goes to the dead letters besides.
 */
export function worker<Incoming extends Envelope>(
  props: WorkerProps<Incoming>,
): (message: Message, attempt: Attempt) => Promise<void> {
  const { log, metrics } = props;
  const unexpected = new Map<string, number>();

  /** What the message's own failure makes of it, or the error again when the message is not to blame. */
  const fateOf = (error: unknown, message: Message, signal: AbortSignal): Outcome => {
    signal.throwIfAborted();
    if (error instanceof ServiceError) {
      if (CODES[error.code].waits) throw error;
      return failure(error);
    }
    const times = (unexpected.get(message.id) ?? 0) + 1;
    unexpected.set(message.id, times);
    if (Math.max(times, message.redeliveryCount) < MAX_UNEXPECTED) throw error;
    return failure(
      new ServiceError('Unexpected', 'the service failed on it again and again', { cause: error }),
    );
  };

  const settle = async (incoming: Envelope, make: () => Promise<Outcome>, signal: AbortSignal) => {
    const startedAt = new Date().toISOString();
    const stored = await storedResult(props.results.bucket, incoming.id, signal);
    const bytes =
      stored ?? (await store(props.results.bucket, complete(incoming, startedAt, await make()), signal));
    const result = decode(resultMessage, bytes);
    if (!result.ok) throw new Error(`the stored result is broken: ${result.reason}`);
    await props.results.producer.send({
      data: bytes,
      key: result.message.thread,
      properties: { id: result.message.id, kind: result.message.kind },
    });
    return result.message;
  };

  const handle = async (message: Message, signal: AbortSignal, about: { id: string }): Promise<void> => {
    const decoded = decode(props.schema, message.data);
    if (!decoded.ok) {
      const error = new ServiceError(decoded.code, decoded.reason);
      // Without its envelope nobody knows where to show it; the dead letter is all that is left.
      if (decoded.envelope) await settle(decoded.envelope, async () => failure(error), signal);
      throw error;
    }
    const { message: incoming } = decoded;
    about.id = incoming.id;
    const make = () => props.work(incoming, signal).catch(error => fateOf(error, message, signal));
    const result = await inSpan(props.tracing, spanOf(incoming, message), traceparent =>
      settle({ ...incoming, traceparent }, make, signal),
    );
    if (result.kind === 'failed') throw new ServiceError(knownCode(result.code), result.reason);
  };

  return async (message, { number: attempt, signal }) => {
    const began = performance.now();
    const about = { id: message.id, topic: message.topic, attempt };
    const fields = () => ({ ...about, ms: Math.round(performance.now() - began) });
    metrics.inFlight.inc();
    try {
      await handle(message, signal, about);
      unexpected.delete(message.id);
      metrics.messages.inc({ outcome: 'done', code: '' });
      log.info('done', fields());
    } catch (error) {
      const { code = 'Unexpected', ...more } = errorFields(error);
      if (waits(error)) metrics.retries.inc({ code });
      else {
        unexpected.delete(message.id);
        metrics.messages.inc({ outcome: 'failed', code });
      }
      log.warn(waits(error) ? 'waits' : 'failed', { ...fields(), code, ...more });
      throw error;
    } finally {
      metrics.inFlight.dec();
    }
  };
}

function spanOf({ id, traceparent }: Envelope, { topic }: Message): SpanProps {
  return {
    name: 'process',
    kind: 'consumer',
    parent: traceparent,
    attributes: {
      'messaging.system': 'pulsar',
      'messaging.operation.name': 'process',
      'messaging.destination.name': topic,
      'messaging.message.id': id,
    },
  };
}

async function storedResult(bucket: Bucket, id: string, signal: AbortSignal): Promise<Buffer | undefined> {
  try {
    return await readAll(bucket, resultKey(id), signal);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ObjectNotFound') return undefined;
    throw error;
  }
}

/** Stores it unless somebody was faster, and gives what is stored. */
async function store(bucket: Bucket, result: Result, signal: AbortSignal): Promise<Buffer> {
  const bytes = encode(resultMessage.parse(result));
  const key = resultKey(result.id);
  try {
    await bucket.put(key, bytes, { contentType: 'application/json', ifAbsent: true, signal });
    return bytes;
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'ObjectExists') throw error;
    return readAll(bucket, key, signal);
  }
}

async function readAll(bucket: Bucket, key: string, signal: AbortSignal): Promise<Buffer> {
  const { body } = await bucket.get(key, { maxBytes: MAX_RESULT_BYTES, signal });
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const MAX_RESULT_BYTES = 1024 * 1024;

function complete(envelope: Envelope, startedAt: string, outcome: Outcome): Result {
  const { id, thread, author, createdAt, traceparent } = envelope;
  return {
    v: 1,
    id,
    thread,
    author,
    createdAt,
    ...(traceparent !== undefined && { traceparent }),
    startedAt,
    finishedAt: new Date().toISOString(),
    ...outcome,
  };
}

function failure({ code, message, saw, want }: ServiceError): Outcome {
  const details = [saw && `saw ${saw}`, want && `want ${want}`].filter(Boolean).join(', ');
  const reason = details ? `${message}: ${details}` : message;
  return { kind: 'failed', code, reason: reason.slice(0, 500) };
}

/** The code of a stored failure; one of a version that knew others counts as unexpected. */
function knownCode(code: string): Code {
  const known = Object.keys(CODES).find((candidate): candidate is Code => candidate === code);
  return known ?? 'Unexpected';
}
