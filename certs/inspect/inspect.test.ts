import { createPrivateKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { badCases } from '../testing/bad-cases.js';
import type { InspectCase } from '../testing/case.js';
import { goodFiles } from '../testing/good-files.js';
import { inspectMaterial, readMaterial } from './index.js';

describe.each(Object.entries(badCases))('bad %s', (_, cases) => {
  it.for(cases)('$name: $codes', (one: InspectCase) => {
    expect(codesOf(one)).toEqual([...one.codes].sort());
  });
});

it.for(goodFiles)('good: $name', (one: InspectCase) => {
  expect(inspect(one).findings).toEqual([]);
});

it('covers what it claims', () => {
  expect(Object.values(badCases).flat().length).toBeGreaterThanOrEqual(120);
  expect(goodFiles.length).toBeGreaterThanOrEqual(40);
});

function inspect({ file, trust, names, usages, key, mode, expiresWithinSeconds }: InspectCase) {
  const bytes = (content: string | Buffer) => Buffer.from(content);
  return inspectMaterial(readMaterial(bytes(file), 'file'), {
    at: new Date(),
    ...(trust !== undefined && { roots: readMaterial(bytes(trust), 'trust').certificates }),
    ...(names && { names }),
    ...(usages && { usages }),
    ...(key !== undefined && { key: createPrivateKey(key) }),
    ...(mode && { mode }),
    ...(expiresWithinSeconds !== undefined && { expiresWithinSeconds }),
  });
}

function codesOf(one: InspectCase): string[] {
  return [...new Set(inspect(one).findings.map(({ code }) => code))].sort();
}
