import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { HARDENING } from '../charts/pulsar/index.js';
import { variants } from '../charts/testing/variants.js';
import { kubernetesArtifactsOf } from '../platform/actions/check/kubernetes.js';
import { RULES, runRules } from '../platform/checks/index.js';
import { readSource } from '../platform/config/index.js';

/** Everything that the tests of the rooms say, as they are written. */
const tests = ['charts', 'platform']
  .flatMap(room =>
    readdirSync(room, { recursive: true, encoding: 'utf8' }).map(file => path.join(room, file)),
  )
  .filter(file => file.endsWith('.test.ts'))
  .map(file => readFileSync(file, 'utf8'));

describe('the table of holes', () => {
  it.each(HARDENING.map(({ id, test }) => [id, test]))('%s names a test that there is: %s', (_, title) => {
    expect(tests.some(text => text.includes(`it('${title}'`))).toBe(true);
  });

  it('closes each hole by something, and names each once', () => {
    const ids = HARDENING.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, closedBy, values } of HARDENING) {
      expect(closedBy, id).not.toBe('');
      if (values.length === 0) expect(closedBy, id).toMatch(/NetworkPolicy|patch/);
    }
  });
});

it('writes no value that does nothing, in any issuer, entrance and choice', () => {
  const codes = ['HardeningWithoutEffect', 'ChartValueDead', 'ChartValueTwice', 'BalancerAnnotationIgnored'];
  const rules = RULES.filter(({ code }) => codes.includes(code));
  expect(rules.map(({ code }) => code).sort()).toEqual([...codes].sort());
  const found = variants().flatMap(({ name, plan }) => {
    const artifacts = { ...kubernetesArtifactsOf(plan, readSource('', 'platform.yaml')), templates: [] };
    return runRules(rules, { plan, artifacts }).findings.map(({ code, where }) => [name, code, where]);
  });
  expect(found).toEqual([]);
});
