import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { check } from '../actions/check/index.js';
import { silent } from '../report.js';
import { toSarif } from './sarif.js';

/** The schema of the standard, as the packages of its authors carry it. */
async function sarifSchema(): Promise<Record<string, unknown>> {
  const main = createRequire(import.meta.url).resolve('@microsoft/jest-sarif');
  const folder = main.slice(0, main.indexOf('jest-sarif') + 'jest-sarif'.length);
  const text = await readFile(`${folder}/lib/schemas/sarif-2.1.0-rtm.5.json`, 'utf8');
  // Draft 4 and draft 7 differ in the name of the id alone, of what is used here.
  const { id: _id, ...schema } = JSON.parse(text);
  return { ...schema, $schema: 'http://json-schema.org/draft-07/schema#' };
}

it('writes findings as SARIF 2.1.0 that its schema takes', async () => {
  const values = 'platform/actions/check/testing/big-without-tls.yaml';
  const sarif = toSarif(await check({ config: '-', values }, silent));
  const ajv = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false });
  const validate = ajv.compile(await sarifSchema());
  expect(validate(sarif), JSON.stringify(validate.errors)).toBe(true);
  const [run] = sarif.runs;
  expect(run?.results.length).toBeGreaterThan(5);
  for (const { ruleId, ruleIndex, locations } of run?.results ?? []) {
    expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(locations?.[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: values },
      region: { startLine: expect.any(Number) },
    });
  }
});
