import { expect, it } from 'vitest';
import { ServiceError } from '../errors.js';
import { type Suspects, suspects } from './suspects.js';

const broken = new ServiceError('SpeechFailed', 'the transcription API failed', { saw: '500' });
/** Fails on `bad` so often, with so many others transcribed before each attempt. */
function attempts(held: Suspects, times: number, others: number, error: unknown = broken): unknown[] {
  return Array.from({ length: times }, () => {
    for (let other = 0; other < others; other++) held.served('good');
    return held.failed('bad', error);
  });
}

it('gives up on a recording on which the API fails while it transcribes others', () => {
  const told = attempts(suspects(), 21, 1);
  expect(told.slice(0, 20)).toEqual(Array(20).fill(broken));
  expect(told[20]).toMatchObject({ code: 'AudioRejected', saw: '500' });
});

it('never does so while the API transcribes nothing', () => {
  expect(attempts(suspects(), 1_000, 0)).toEqual(Array(1_000).fill(broken));
});

it('never does so when the API only wants more time between calls', () => {
  const busy = new ServiceError('SpeechUnavailable', 'the transcription API is busy');
  expect(attempts(suspects(), 1_000, 1, busy)).toEqual(Array(1_000).fill(busy));
});

it('begins anew with a recording that was transcribed after all', () => {
  const held = suspects();
  attempts(held, 20, 1);
  held.served('bad');
  expect(attempts(held, 20, 1)).toEqual(Array(20).fill(broken));
});
