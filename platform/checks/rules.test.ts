import { describe, expect, it } from 'vitest';
import { parseConfig } from '../config/index.js';
import { CODES } from '../errors.js';
import { runRules } from './engine.js';
import { RULES } from './index.js';
import type { Rule } from './rule.js';
import { subjectOf } from './testing/subject.js';
import { jvmExceedsMemory } from './values/jvm-exceeds-memory.js';

const found = (rule: Rule, which: 'bad' | 'good') =>
  runRules([rule], subjectOf(rule.examples[which], rule)).findings.map(({ code }) => code);

describe.each(RULES.map(rule => [rule.code, rule] as const))('%s', (code, rule) => {
  it('finds its bad example and not its good one', () => {
    expect(found(rule, 'bad')).toContain(code);
    expect(found(rule, 'good')).toEqual([]);
  });

  it('says what happens, why, how it is mended and where it is known from', () => {
    for (const text of [rule.happens, rule.why, CODES[code].means, CODES[code].fix]) {
      expect(text.length).toBeGreaterThan(5);
    }
    expect(rule.source).toMatch(/^https:\/\/[\w.-]+\/\S*$/);
  });
});

it('has one rule for a code', () => {
  const codes = RULES.map(({ code }) => code);
  expect(codes.length).toBe(new Set(codes).size);
  expect(codes.length).toBeGreaterThanOrEqual(60);
});

it('is applied by every rule on its bad example', () => {
  for (const rule of RULES) {
    expect([rule.code, runRules([rule], subjectOf(rule.examples.bad, rule)).rules.length]).toEqual([
      rule.code,
      1,
    ]);
  }
});

describe('who has no platform.yaml', () => {
  const OF_CONFIG =
    /platform\.yaml|\w+MiB\b|\btls\.(issuer|leafDuration|renewBefore)|kind: |\b(entrances|pulsar|apiAccess)\./;

  it.each(RULES.filter(({ examples: { bad } }) => !bad.config).map(rule => [rule.code, rule] as const))(
    'is not told to change its keys by %s',
    (_code, rule) => {
      for (const { fix } of runRules([rule], subjectOf(rule.examples.bad, rule)).findings) {
        expect(fix).not.toMatch(OF_CONFIG);
      }
    },
  );
});

describe('JvmExceedsMemory', () => {
  const minimal = 'name: voice\nregion: eu-central-1\ndomain: voice.example.com\n';
  const wanted = (text = '') => Number(/\d+/.exec(text)?.[0]);
  const ofConfig = (flags: string, memoryMiB: number) =>
    parseConfig(`${minimal}pulsar: { bookies: { memoryMiB: ${memoryMiB}, ${flags} } }\n`).findings.filter(
      ({ code }) => code === 'JvmExceedsMemory',
    );
  const ofValues = (memoryMiB: number) => {
    const memory = `{ memory: ${memoryMiB}Mi }`;
    const values = `bookkeeper: { resources: { requests: ${memory}, limits: ${memory} }, configData: { BOOKIE_MEM: "-Xmx2g -XX:MaxDirectMemorySize=4g" } }`;
    return runRules([jvmExceedsMemory], subjectOf({ values }, jvmExceedsMemory)).findings;
  };

  it.each(['heapMiB: 2048, directMiB: 4096', 'heapMiB: 3000', 'directMiB: 500, heapMiB: 100'])(
    'wants of %s just what then suffices',
    flags => {
      const [found] = ofConfig(flags, 512);
      expect(found).toMatchObject({ code: 'JvmExceedsMemory', fix: expect.stringContaining('memoryMiB') });
      const enough = wanted(found?.want);
      expect(ofConfig(flags, enough)).toEqual([]);
      expect(ofConfig(flags, enough - 1)).toHaveLength(1);
    },
  );

  it('wants the same of values, and says it in their keys', () => {
    const [found] = ofValues(2048);
    expect(found?.fix).toContain('resources.limits.memory');
    const enough = wanted(found?.want);
    expect(enough).toBe(wanted(ofConfig('heapMiB: 2048, directMiB: 4096', 2048)[0]?.want));
    expect(ofValues(enough)).toEqual([]);
    expect(ofValues(enough - 1)).toHaveLength(1);
  });
});
