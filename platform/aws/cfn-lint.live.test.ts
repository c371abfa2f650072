import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { pythonTool, titled } from './testing/python-tools.js';
import { planOf, synthesize, type Templates } from './testing/templates.js';
import { VARIANTS } from './testing/variants.js';

const tool = await pythonTool('cfn-lint');
const example = await readFile('platform.yaml', 'utf8');
const all = [
  planOf(example, 'prod'),
  planOf(example, 'dev'),
  ...Object.values(VARIANTS).map(text => planOf(text)),
].map(plan => synthesize(plan));

/** What CloudFormation's own validation has acknowledged too: zones come from the plan, a look-up takes an account. */
const ACKNOWLEDGED = ['W3010'];

const matches = z.array(
  z.object({
    Level: z.string(),
    Message: z.string(),
    Filename: z.string(),
    Rule: z.object({ Id: z.string() }),
  }),
);

async function lint(program: string, templates: readonly Templates[]): Promise<string[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'cfn-lint-'));
  try {
    const files: string[] = [];
    for (const [index, stacks] of templates.entries()) {
      for (const [stack, template] of Object.entries(stacks)) {
        const file = path.join(folder, `${index}-${stack}.json`);
        await writeFile(file, JSON.stringify(template));
        files.push(file);
      }
    }
    const { stdout } = await execa(program, ['--format', 'json', ...files], {
      reject: false,
      timeout: 170_000,
    });
    return matches
      .parse(JSON.parse(stdout))
      .filter(({ Rule }) => !ACKNOWLEDGED.includes(Rule.Id))
      .map(({ Rule, Message, Filename }) => `${Rule.Id} ${path.basename(Filename)}: ${Message}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe.skipIf('missing' in tool)(titled('cfn-lint', tool), () => {
  const program = 'program' in tool ? tool.program : '';

  it('finds neither an error nor a warning in any stack of any variant', async () => {
    expect(await lint(program, all)).toEqual([]);
  }, 180_000);

  it('finds a property that does not exist', async () => {
    const broken = { AWS: { Resources: { bucket: { Type: 'AWS::S3::Bucket', Properties: { Nmae: 'x' } } } } };
    expect((await lint(program, [broken])).join()).toContain('E3002');
  }, 60_000);
});
