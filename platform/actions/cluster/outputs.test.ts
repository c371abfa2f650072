import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { planOf, synthesize } from '../../aws/testing/templates.js';
import { toldByStacks } from './outputs.js';

it('are found among all that CloudFormation tells of the stacks', async () => {
  const templates = synthesize(planOf(await readFile('platform.yaml', 'utf8'), 'prod'));
  const keys = ['network', 'pki', 'registry'].flatMap(name => Object.keys(templates[name]?.Outputs ?? {}));
  // What one stack refers to in another.
  expect(keys.some(key => key.startsWith('PublishOutput'))).toBe(true);
  const told = Object.fromEntries(keys.map(key => [key, key === 'account' ? '123456789012' : `the ${key}`]));
  expect(toldByStacks(told)).toMatchObject({
    account: '123456789012',
    trustedRoots: 'the trustedRoots',
    privateCaArn: 'the privateCaArn',
  });
});
