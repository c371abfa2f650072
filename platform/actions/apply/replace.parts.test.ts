import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DiffMethod, StackSelectionStrategy, Toolkit } from '@aws-cdk/toolkit-lib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planOf, synthesize } from '../../aws/testing/templates.js';
import { MINIMAL } from '../../config/testing/configs.js';
import { changesIn, type ResourceChange } from '../../edges/stacks.js';
import { withAssembly } from '../cluster/open.js';
import { refuseReplacing } from './replace.js';

const STACK = 'voice-pki';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'replace-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the CDK says of going from one config to the other, with the template of the first as what is deployed. */
async function changes(before: string, after: string): Promise<ResourceChange[]> {
  const file = path.join(folder, 'deployed.json');
  await writeFile(file, JSON.stringify(synthesize(planOf(`${MINIMAL}${before}`))['pki']));
  return withAssembly(planOf(`${MINIMAL}${after}`), async assembly => {
    const ioHost = { notify: async () => undefined, requestResponse: async () => undefined as never };
    const toolkit = new Toolkit({ ioHost });
    const diffs = await toolkit.diff(await toolkit.fromAssemblyDirectory(assembly), {
      method: DiffMethod.LocalFile(file),
      stacks: { strategy: StackSelectionStrategy.PATTERN_MUST_MATCH_SINGLE, patterns: [STACK] },
    });
    return Object.entries(diffs).flatMap(([stack, diff]) => changesIn(stack, diff));
  });
}

const refusal = (found: readonly ResourceChange[], named: readonly string[] = []) => {
  try {
    refuseReplacing(found, named);
    return undefined;
  } catch (error) {
    return error;
  }
};

it('keeps the authority when leaves get another algorithm', async () => {
  const found = await changes('', 'tls: { algorithm: rsa-2048 }');
  expect(found).toEqual([]);
});

it.each([
  ['tls: { authorityAlgorithm: rsa-3072 }', 'KeyAlgorithm'],
  ['tls: { issuer: { kind: awsPrivateCa, mode: general } }', 'UsageMode'],
])('replaces no authority by %s, unless it is named', async (after, property) => {
  const found = await changes('', after);
  const refused = refusal(found);
  expect(refused).toMatchObject({
    code: 'ReplacementUnnamed',
    refused: true,
    where: expect.stringContaining(`${STACK}/root`),
    saw: expect.stringContaining(property),
  });
  const named = (refused as { readonly where: string }).where.split(', ');
  expect(refusal(found, named.slice(1))).toMatchObject({ where: named[0] });
  expect(refusal(found, named)).toBeUndefined();
});

it('lets what holds nothing be replaced', () => {
  const change = { stack: 'voice-network', logicalId: 'a', action: 'change', replaces: true, properties: [] };
  expect(refusal([{ ...change, type: 'AWS::EC2::FlowLog' } as ResourceChange])).toBeUndefined();
});
