import fc from 'fast-check';
import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { type AudioMessage, audioMessage, decode, encode, objectKeyOf, resultMessage } from './index.js';

const message: AudioMessage = {
  v: 1,
  kind: 'audio',
  id: ulid(),
  thread: 'team:berlin',
  author: 'ada',
  createdAt: '2026-01-02T03:04:05.678Z',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  object: {
    key: 'team.berlin/01J',
    contentType: 'audio/webm;codecs=opus',
    size: 4096,
    sha256: 'ab'.repeat(32),
  },
};
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const refusal = (value: unknown) => {
  const decoded = decode(audioMessage, bytes(value));
  return decoded.ok ? undefined : decoded;
};

describe('the contract', () => {
  it('reads what it wrote', () => {
    expect(decode(audioMessage, encode(message))).toEqual({ ok: true, message });
  });

  it('ignores a field that it does not know, so that one can be added', () => {
    expect(decode(audioMessage, bytes({ ...message, mood: 'good' }))).toEqual({ ok: true, message });
  });

  it('answers any bytes, without an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.json().map(Buffer.from)), data => {
        expect(decode(audioMessage, data)).toMatchObject({ ok: false, code: expect.any(String) });
      }),
    );
  });

  it('tells an unknown version from an invalid message, and still knows the thread', () => {
    expect(refusal({ ...message, v: 2, object: 'elsewhere' })).toEqual({
      ok: false,
      code: 'MessageUnknownVersion',
      reason: 'version 2, wanted 1',
      envelope: expect.objectContaining({ id: message.id, thread: message.thread }),
    });
    expect(refusal({ ...message, v: 'one' })?.code).toBe('MessageInvalid');
    expect(refusal({ ...message, v: undefined })?.code).toBe('MessageInvalid');
  });

  it.each([
    ['an id in lower case', { id: message.id.toLowerCase() }, 'id'],
    ['an id beyond 128 bits', { id: `8${message.id.slice(1)}` }, 'id'],
    ['a thread with a slash', { thread: '../etc' }, 'thread'],
    ['a key that climbs', { object: { ...message.object, key: 'a/../b' } }, 'object.key'],
    ['a key with an empty part', { object: { ...message.object, key: 'a//b' } }, 'object.key'],
    ['a negative size', { object: { ...message.object, size: -1 } }, 'object.size'],
    ['a sha256 that is too short', { object: { ...message.object, sha256: 'ab' } }, 'object.sha256'],
    ['a time that is none', { createdAt: 'yesterday' }, 'createdAt'],
    ['a trace of zeros', { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` }, 'traceparent'],
    ['the kind of another topic', { kind: 'image' }, 'kind'],
  ])('refuses %s and names the field', (_, change, field) => {
    expect(refusal({ ...message, ...change })?.reason).toContain(`${field}: `);
  });

  it('never repeats contents in a reason', () => {
    expect(refusal({ ...message, author: 'a secret thing', [`__proto__`]: { v: 9 } })?.reason).not.toContain(
      'secret',
    );
  });

  it('refuses what is too large before it parses it', () => {
    expect(refusal({ ...message, padding: 'x'.repeat(2_000_000) })?.reason).toContain('bytes');
  });

  it('makes keys that its own schema accepts, whatever the thread is called', () => {
    const object = { ...message.object, key: objectKeyOf(message) };
    expect(decode(audioMessage, encode({ ...message, object })).ok).toBe(true);
  });

  it('has one form for each outcome', () => {
    const { object, kind, ...rest } = message;
    const times = { startedAt: message.createdAt, finishedAt: message.createdAt };
    const failed = { ...rest, ...times, kind: 'failed', code: 'AudioUnreadable', reason: 'empty' };
    expect(decode(resultMessage, bytes(failed))).toEqual({ ok: true, message: failed });
    expect(decode(resultMessage, bytes({ ...failed, kind: 'lost' })).ok).toBe(false);
  });
});
