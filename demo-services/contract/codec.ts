import type { z } from 'zod';
import {
  type AudioMessage,
  type Envelope,
  envelope,
  type ImageMessage,
  type Result,
  VERSION,
} from './schemas.js';

/** No message of this contract comes near it, and Pulsar's own limit (5 MiB) is far. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

export type Decoded<Message> =
  | { readonly ok: true; readonly message: Message }
  | {
      readonly ok: false;
      readonly code: 'MessageInvalid' | 'MessageUnknownVersion';
      /** Names the fields that are wrong, never their contents. */
      readonly reason: string;
      /** Who said it and where, when at least that can be read: enough to show the failure in its thread. */
      readonly envelope?: Envelope;
    };

/** The bytes of a message. */
export function encode(message: AudioMessage | ImageMessage | Result): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/** Reads a message of the schema; any bytes give an answer, none gives an exception. */
export function decode<Message>(schema: z.ZodType<Message>, data: Uint8Array): Decoded<Message> {
  if (data.byteLength > MAX_MESSAGE_BYTES) {
    return invalid(`${data.byteLength} bytes, wanted at most ${MAX_MESSAGE_BYTES}`);
  }
  const value = parseJson(data);
  if (value === undefined) return invalid('not JSON in UTF-8');
  const known = envelope.safeParse(value).data;
  const version = versionOf(value);
  if (version !== undefined && version !== VERSION) {
    return {
      ok: false,
      code: 'MessageUnknownVersion',
      reason: `version ${version}, wanted ${VERSION}`,
      ...(known && { envelope: known }),
    };
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? { ok: true, message: parsed.data } : invalid(mistakesOf(parsed.error), known);
}

function invalid(reason: string, known?: Envelope): Decoded<never> {
  return { ok: false, code: 'MessageInvalid', reason, ...(known && { envelope: known }) };
}

function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
  } catch {
    return undefined;
  }
}

function versionOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('v' in value)) return undefined;
  return Number.isInteger(value.v) ? Number(value.v) : undefined;
}

function mistakesOf({ issues }: z.ZodError): string {
  const mistakes = issues.map(({ path, message }) => `${path.join('.') || 'message'}: ${message}`);
  return mistakes.join('; ').slice(0, 400);
}
