import fc from 'fast-check';
import { expect, it } from 'vitest';
import { soundConfigs, toYaml } from '../config/testing/configs.js';
import { expectPlain } from './testing/plain.js';
import { planOf, synthesize } from './testing/templates.js';

it('every stack of 25 random configs is plain, and comes out with the same bytes each time', () => {
  fc.assert(
    fc.property(soundConfigs, written => {
      const plan = planOf(toYaml(written));
      const templates = synthesize(plan);
      expectPlain(templates);
      expect(JSON.stringify(synthesize(plan))).toBe(JSON.stringify(templates));
    }),
    { numRuns: 25 },
  );
}, 120_000);
