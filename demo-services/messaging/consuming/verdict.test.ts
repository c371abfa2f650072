import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../errors.js';
import { verdictOn } from './verdict.js';

const shared = { type: 'Shared', attempt: 1, maxRedeliveries: 3 } as const;
const ordered = { ...shared, type: 'Key_Shared' } as const;

describe('the verdict on a message', () => {
  it('is an acknowledgement when its handler returned', () => {
    expect(verdictOn(undefined, shared)).toEqual({ kind: 'acknowledge' });
  });

  it('keeps it for as long as waiting can mend the cause, however often it was tried', () => {
    const down = new ServiceError('StoreUnavailable', 'the store is down');
    expect(verdictOn(down, { ...shared, attempt: 999 })).toEqual({ kind: 'retry', code: 'StoreUnavailable' });
  });

  it('keeps it as long as whoever failed asks for, within reason', () => {
    const busy = (retryAfterMs: number) => new ServiceError('SpeechUnavailable', 'busy', { retryAfterMs });
    expect(verdictOn(busy(20_000), ordered)).toMatchObject({ kind: 'retry', notBeforeMs: 20_000 });
    expect(verdictOn(busy(1e9), ordered)).toMatchObject({ kind: 'retry', notBeforeMs: 600_000 });
  });

  it('sends it to the dead letters at once when waiting cannot help', () => {
    const gone = new ServiceError('ObjectNotFound', 'no object');
    expect(verdictOn(gone, shared)).toEqual({
      kind: 'dead-letter',
      code: 'ObjectNotFound',
      reason: 'no object',
    });
  });

  it('gives an unforeseen failure to another consumer, or tries it again in its order', () => {
    expect(verdictOn(new Error('?'), shared).kind).toBe('give-back');
    expect(verdictOn(new Error('?'), ordered).kind).toBe('retry');
  });

  it('gives up on an unforeseen failure after the redeliveries allowed', () => {
    expect(verdictOn(new Error('?'), { ...shared, attempt: 3 }).kind).toBe('give-back');
    expect(verdictOn(new Error('?'), { ...shared, attempt: 4 }).kind).toBe('dead-letter');
  });

  it('names an unforeseen failure without quoting it: it may tell what was said', () => {
    const verdict = verdictOn(new TypeError('unexpected "my secret"'), { ...shared, attempt: 4 });
    expect(JSON.stringify(verdict)).not.toContain('secret');
    expect(verdict).toMatchObject({ reason: expect.stringMatching(/^TypeError at verdict\.test\.ts:\d+/) });
  });

  it('counts a handler whose time is up as an unforeseen failure', () => {
    const late = new ServiceError('AckTimeout', 'late');
    expect(verdictOn(late, shared)).toEqual({ kind: 'give-back', code: 'AckTimeout' });
    expect(verdictOn(late, { ...shared, attempt: 4 })).toMatchObject({
      kind: 'dead-letter',
      code: 'AckTimeout',
    });
  });
});
