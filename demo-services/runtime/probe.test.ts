import { expect, it } from 'vitest';
import { ServiceError } from '../errors.js';
import { probes } from './probe.js';

it('names what is missing and why, and tells a change once', async () => {
  const changes: string[] = [];
  let broken = true;
  const ask = probes(
    {
      store: async () => undefined,
      speech: async () => {
        if (broken) throw new ServiceError('SpeechUnauthorized', 'the key is refused');
      },
    },
    missing => changes.push(missing.join()),
  );
  expect(await ask()).toEqual(['speech: SpeechUnauthorized']);
  expect(await ask()).toEqual(['speech: SpeechUnauthorized']);
  broken = false;
  expect(await ask()).toEqual([]);
  expect(changes).toEqual(['speech: SpeechUnauthorized', '']);
});

it('does not ask a dependency that works at every question', async () => {
  let asked = 0;
  const ask = probes(
    {
      store: async () => {
        asked += 1;
      },
    },
    () => undefined,
  );
  await Promise.all([ask(), ask(), ask()]);
  await ask();
  expect(asked).toBe(1);
});
