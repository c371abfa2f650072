import { describe, expect, it } from 'vitest';
import { CODES } from '../errors.js';
import { runRules } from './engine.js';
import { RULES } from './index.js';
import type { Rule } from './rule.js';
import { subjectOf } from './testing/subject.js';

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
