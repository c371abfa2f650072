import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../main.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cost-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...argv: string[]) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written) =>
    new Writable({
      write(chunk, _, done) {
        written[name] += String(chunk);
        done();
      },
    });
  const code = await main(['cost', ...argv], {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    env: {},
    cwd: process.cwd(),
    signal: new AbortController().signal,
  });
  return { code, ...written };
}

const prod = ['--config', 'platform.yaml', '--env', 'prod'];

describe('platform cost', () => {
  it('prints the bill as JSON in the form that others can rely on', async () => {
    const { code, stdout } = await run(...prod, '--json');
    expect(code).toBe(0);
    const bill = JSON.parse(stdout);
    expect(bill).toMatchObject({
      region: 'eu-central-1',
      asOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      total: expect.any(Number),
    });
    expect(bill.lines[0]).toEqual({
      item: 'EKS',
      group: 'cluster',
      note: '1.35',
      quantity: 730,
      unit: 'hour',
      price: 0.1,
      amount: 73,
      source: 'https://aws.amazon.com/eks/pricing/',
    });
    expect(bill.switches[0]).toEqual({ name: 'network.nat: single (gateways)', saves: 75.92 });
  });

  it('says what is not in it, until it is given', async () => {
    expect((await run(...prod)).stdout).toContain('traffic through NAT gateways');
    expect((await run(...prod, '--usage', 'natGiB=10')).stdout).not.toContain('traffic through NAT gateways');
  });

  it('shows the change from another config, and from a bill of before', async () => {
    const larger = path.join(folder, 'larger.yaml');
    const text = await readFile('platform.yaml', 'utf8');
    await writeFile(larger, text.replace('ledgersGiB: 200', 'ledgersGiB: 400'));
    const bill = path.join(folder, 'bill.json');
    await writeFile(bill, (await run('--config', larger, '--env', 'prod', '--json')).stdout);
    for (const before of [larger, bill]) {
      const { stdout } = await run(...prod, '--diff', before, '--json');
      expect(JSON.parse(stdout).lines).toEqual([{ item: 'bookie ledgers', before: 228.48, after: 114.24 }]);
    }
  });

  it('draws a bar for each environment', async () => {
    const { stdout } = await run('--config', 'platform.yaml', '--svg');
    expect(stdout).toMatch(/^<svg.*prod.*<\/svg>\s*$/s);
    expect(stdout).toContain('dev');
  });

  it('refuses what it has no price for, an unknown usage, and a file that is no bill', async () => {
    const far = path.join(folder, 'far.yaml');
    await writeFile(far, 'name: voice\nregion: ap-southeast-2\ndomain: voice.example.com\n');
    expect(await run('--config', far)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('PriceUnknown'),
    });
    expect(await run(...prod, '--usage', 'natGib=1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('UsageUnknown'),
    });
    expect(await run(...prod, '--usage', 'natGiB=much')).toMatchObject({ code: 2 });
    const broken = path.join(folder, 'broken.json');
    await writeFile(broken, '{"total": "much"}');
    expect(await run(...prod, '--diff', broken)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('BillInvalid'),
    });
    expect(await run(...prod, '--diff', path.join(folder, 'none'))).toMatchObject({ code: 2 });
  });
});
