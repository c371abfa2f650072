import { expect } from 'vitest';
import type { Code } from '../../../errors.js';
import { parseConfig } from '../../index.js';
import { MINIMAL } from '../../testing/configs.js';

/** A finding, where it is, what of a config has it, and what of a config has not. */
export type Case = readonly [code: Code, place: string, bad: string, good: string];

/** Code and place of every finding of a config whose base is sound. */
export function found(yaml: string, today?: string): string[] {
  const base = MINIMAL.split('\n').filter(
    line => !yaml.split('\n').some(over => over.split(':')[0] === line.split(':')[0]),
  );
  const { findings } = parseConfig(`${base.join('\n')}\n${yaml}`, today === undefined ? {} : { today });
  return findings.map(({ code, where }) => `${code} ${where?.path}`);
}

/** Fails unless a finding is where it is, and only there. */
export function expectFound(...[code, place, bad, good]: Case): void {
  expect(found(bad)).toContain(`${code} ${place}`);
  expect(found(good).filter(finding => finding.startsWith(code))).toEqual([]);
}
