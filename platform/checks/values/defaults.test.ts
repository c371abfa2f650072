import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import { checkPulsarValues } from '../../../charts/pulsar/index.js';
import { pulsarChart, withoutChart } from '../../../charts/testing/tools.js';
import { CHART_DEFAULTS } from './defaults.js';

describe.skipIf(pulsarChart === undefined)(`the Pulsar chart's own values${withoutChart}`, () => {
  const own = async (): Promise<unknown> =>
    parse(await readFile(path.join(pulsarChart ?? '', 'values.yaml'), 'utf8'));

  it('are what the rules take for its defaults', async () => {
    const values = await own();
    const leaves = (value: unknown, at: string[]): [string, unknown][] =>
      isMapping(value)
        ? Object.entries(value).flatMap(([key, item]) => leaves(item, [...at, key]))
        : [[at.join('.'), value]];
    for (const [dotted, value] of leaves(CHART_DEFAULTS, [])) {
      expect([dotted, valueAt(values, dotted.split('.')) ?? '']).toEqual([dotted, value]);
    }
  });

  it('have no key that the catalogue lacks', async () => {
    const found = checkPulsarValues(await own(), at => ({ path: at.join('.') }));
    expect(found.filter(({ code }) => code === 'ChartValueUnknown')).toEqual([]);
  });
});
