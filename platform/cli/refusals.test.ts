import { existsSync, mkdtempSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { MINIMAL } from '../config/testing/configs.js';
import { main } from './main.js';

const folder = mkdtempSync(path.join(tmpdir(), 'platform-refusals-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(...argv: string[]): Promise<{ code: number; text: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  let text = '';
  for (const stream of [stdout, stderr]) stream.on('data', chunk => (text += String(chunk)));
  const { signal } = new AbortController();
  const code = await main(argv, { stdout, stderr, env: {}, cwd: process.cwd(), signal });
  return { code, text };
}

it.each([['status'], ['local', 'status'], ['local', 'logs'], ['local', 'down']])(
  'platform %s %s refuses a state folder of somebody else, and takes none for one that is down',
  async (...words) => {
    const argv = words.filter(word => word !== undefined);
    const other = path.join(folder, 'other');
    await mkdir(other, { recursive: true });
    await writeFile(path.join(other, 'notes.txt'), '');
    const refused = await run(...argv, '--state', other);
    expect(refused).toMatchObject({ code: 2, text: expect.stringContaining('StateFolderForeign') });
    expect(refused.text).toContain('notes.txt');
    expect((await run(...argv, '--state', path.join(folder, 'none'))).text).not.toContain('Foreign');
  },
);

it.each([
  [['--env', 'prod'], 'fix    platform destroy --env prod --confirm voice-prod\n'],
  [[], 'fix    platform destroy --confirm voice\n'],
  [
    ['--env', 'dev', '--confirm', 'voice-prod', '--context', 'eks-dev', '--stage', 'pulsar'],
    'fix    platform destroy --env dev --context eks-dev --stage pulsar --confirm voice-dev\n',
  ],
])('platform destroy %s says the command that is meant', async (flags, fix) => {
  const { code, text } = await run('destroy', ...flags);
  expect(code).toBe(2);
  expect(text).toMatch(/^✗ NameNotTyped: /);
  expect(text).toContain(fix);
});

it.each([
  [
    ['destroy', '--target', 'local', '--delete', 'everything'],
    /^✗ NameNotTyped: [\s\S]*want {3}authority, data\n/,
  ],
  [['local', 'logs', '--lines', 'many'], /^error: .* wanted a whole number above 0/],
  [['synth', '--out', ''], /^error: option '--out' has an empty value/],
  [['check', '--objects', 'package.json', ''], /^error: option '--objects' has an empty value/],
  ...['apply', 'diff', 'destroy'].map(
    command =>
      [[command, '--target', 'local', '--stage', 'pulsar'], /^✗ StageUnknown: /] as [string[], RegExp],
  ),
  [['explain', ''], /^error: an argument is empty/],
  [['plan', '--config', 'package.json/platform.yaml'], /^✗ ConfigNotFound: /],
])('platform %s is refused', async (argv, told) => {
  const { code, text } = await run(...argv);
  expect(text).toMatch(told);
  expect(code).toBe(2);
});

it.each([[['list']], [['issue', 'traffic', '--print']]])(
  'platform tokens %s makes no key where no platform has one',
  async words => {
    const state = path.join(folder, 'state');
    expect(await run('tokens', ...words, '--state', state)).toMatchObject({
      code: 2,
      text: expect.stringMatching(/^✗ LocalNotRunning: /),
    });
    expect(existsSync(state)).toBe(false);
  },
);

describe('where nobody answers', () => {
  const config = path.join(folder, 'platform.yaml');
  const kubeconfig = path.join(folder, 'kubeconfig');
  const before = { ...process.env };
  beforeAll(async () => {
    const nowhere = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' };
    Object.assign(process.env, nowhere, { AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' });
    await writeFile(config, `${MINIMAL}pulsar: { tokenKeys: two }\n`);
    await writeFile(kubeconfig, stringify(NOWHERE));
  });
  afterAll(() => {
    process.env = before;
  });

  it.each([
    ['secrets list'],
    ['secrets make'],
    ['tokens list --target cluster'],
    ['tokens issue web --print --target cluster'],
    ['tokens rotate --target cluster --context nowhere'],
    ['tokens revoke 3Fk9aQ --target cluster --context nowhere'],
  ])('platform %s says that nothing was changed', async words => {
    const argv = [...words.split(' '), '--config', config];
    const { code, text } = await run(
      ...argv,
      ...(words.includes('--context') ? ['--kubeconfig', kubeconfig] : []),
    );
    expect(text).toMatch(/^✗ SecretStoreRefused: /m);
    expect(text).toMatch(/^ {2}nothing was changed$/m);
    expect(code).toBe(2);
  });
});

const NOWHERE = {
  ...{ apiVersion: 'v1', kind: 'Config' },
  clusters: [{ name: 'nowhere', cluster: { server: 'https://127.0.0.1:9' } }],
  users: [{ name: 'nobody', user: {} }],
  contexts: [{ name: 'nowhere', context: { cluster: 'nowhere', user: 'nobody' } }],
};

it('platform local up ends where no folder can be made', async () => {
  const { code, text } = await run('local', 'up', '--state', '/proc/none/state');
  expect(code).toBe(1);
  expect(text).toMatch(/^✗ FileNotWritable: /m);
});

it('platform tokens rotate says what it needs in a cluster', async () => {
  const { code, text } = await run('tokens', 'rotate', '--help');
  expect(code).toBe(0);
  expect(text.replaceAll(/\s+/g, ' ')).toContain('in a cluster with pulsar.tokenKeys: two');
});
