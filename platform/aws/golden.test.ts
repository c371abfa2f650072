import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { planOf, synthesize } from './testing/templates.js';

const example = await readFile('platform.yaml', 'utf8');

/**
 * What a change does to the example's stacks, for whoever reviews it: one file a stack, in YAML since it is shorter to
 * read. `npx vitest run --project unit platform/aws/golden.test.ts -u` writes them anew.
 */
describe.each(['dev', 'prod'])('the stacks of %s', env => {
  const templates = synthesize(planOf(example, env));
  it.each(Object.keys(templates))('%s', async stack => {
    const text = stringify(templates[stack], { lineWidth: 0, aliasDuplicateObjects: false });
    await expect(text).toMatchFileSnapshot(`./golden/${env}/${stack}.yaml`);
  });
});
