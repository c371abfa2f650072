import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../config/index.js';
import { completionScript } from './completion.js';
import type { Io } from './io.js';
import { main, programOf } from './main.js';

const folder = mkdtempSync(path.join(tmpdir(), 'platform-cli-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

function io(): { io: Io; text: () => string } {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  let text = '';
  for (const stream of [stdout, stderr]) stream.on('data', chunk => (text += String(chunk)));
  return {
    io: { stdout, stderr, env: {}, cwd: folder, signal: new AbortController().signal },
    text: () => text,
  };
}

async function run(...argv: string[]): Promise<{ code: number; text: string }> {
  const { io: outside, text } = io();
  const code = await main(argv, outside);
  return { code, text: text() };
}

/** Every command that does something, by its path. */
function commandsOf(command: Command, at: readonly string[] = []): { words: string[]; command: Command }[] {
  return command.commands.flatMap(child => {
    const words = [...at, child.name()];
    const below = commandsOf(child, words);
    return below.length > 0 ? below : [{ words, command: child }];
  });
}

const COMMANDS = commandsOf(programOf({ io: io().io, exitCode: 0 }));
/** Commands that only gather others. */
const GROUPS = programOf({ io: io().io, exitCode: 0 })
  .commands.filter(({ commands }) => commands.length > 0)
  .map(command => command.name());
const STACK = /\n\s+at .+:\d+:\d+/;
const COLOUR = String.fromCharCode(27);

it.each(GROUPS)('platform %s, which gathers commands, helps with an example', async name => {
  expect((await run(name, '--help')).text).toMatch(/Examples?:\n\s+\$ /);
});

describe.each(COMMANDS.map(({ words }) => [words.join(' '), words] as const))(
  'platform %s',
  (_name, words) => {
    it('helps with an example, without colour', async () => {
      const { code, text } = await run(...words, '--help');
      expect(code).toBe(0);
      expect(text).toMatch(/Examples?:\n\s+\$ /);
      expect(text).not.toContain(COLOUR);
    });

    it('refuses a flag that it does not have, without a stack', async () => {
      const { code, text } = await run(...words, '--no-such-flag');
      expect(code).toBe(2);
      expect(text).toMatch(/^error: /);
      expect(text).not.toMatch(STACK);
    });
  },
);

describe('files that are not what they should be', () => {
  const reading = [
    (file: string) => ['check', '--config', file],
    (file: string) => ['check', '--values', file],
    (file: string) => ['check', '--objects', file],
    (file: string) => ['check', '--templates', file],
    (file: string) => ['cost', '--config', file],
    (file: string) => ['plan', '--config', file],
    (file: string) => [
      'init',
      '--from',
      file,
      '--name',
      'a',
      '--region',
      'eu-central-1',
      '--domain',
      'a.example.com',
      '--out',
      path.join(folder, 'fuzz.yaml'),
      '--force',
    ],
  ];

  it('end in an error that names a code, never in a stack', async () => {
    const file = path.join(folder, 'any.yaml');
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.constantFrom(
            'a: [',
            '- a\n- b',
            '\u0000',
            '*x',
            'tls: yes\n',
            'tls: {enabled: {}}',
            'Resources: []',
            'kind: Pod',
            'broker: null\nproxy: 5\n',
          ),
        ),
        fc.constantFrom(...reading),
        async (content, command) => {
          await writeFile(file, content);
          const { code, text } = await run(...command(file));
          expect([0, 2, 3]).toContain(code);
          expect(text).not.toMatch(STACK);
          expect(text).not.toContain('Internal');
        },
      ),
      { numRuns: 150 },
    );
  }, 120_000);

  it.each(reading.map(command => [command('').slice(0, 2).join(' '), command] as const))(
    'that are not there are refused by %s',
    async (_name, command) => {
      const { code, text } = await run(...command(path.join(folder, 'nowhere.yaml')));
      expect(code).toBe(2);
      expect(text).toContain('nowhere.yaml');
      expect(text).not.toMatch(STACK);
    },
  );
});

describe('platform scale bookies', () => {
  const scaled = (...flags: string[]) => run('scale', 'bookies', '3', '--config', 'platform.yaml', ...flags);

  it('takes the target that every command takes, of which this machine is none', async () => {
    const cluster = await scaled('--target', 'cluster', '--kubeconfig', path.join(folder, 'nowhere'));
    expect(cluster.text).toContain('KubeconfigMissing');
    const local = await scaled('--target', 'local');
    expect(local.code).toBe(2);
    expect(local.text).toContain('Allowed choices are cluster');
  });
});

describe('platform init', () => {
  const answers = ['--name', 'orders', '--region', 'eu-central-1', '--domain', 'orders.example.com'];

  it('writes a sound, commented config with its schema, and never over another', async () => {
    const out = path.join(folder, 'init', 'platform.yaml');
    await mkdir(path.dirname(out));
    expect((await run('init', ...answers, '--out', out)).code).toBe(0);
    const text = await readFile(out, 'utf8');
    expect(text).toContain('# yaml-language-server: $schema=./platform.schema.json');
    for (const env of [undefined, 'dev']) {
      expect(parseConfig(text, env === undefined ? {} : { env }).findings).toEqual([]);
    }
    expect((await readdir(path.dirname(out))).sort()).toEqual(['platform.schema.json', 'platform.yaml']);
    expect(await run('init', ...answers, '--out', out)).toMatchObject({ code: 2 });
    expect(await readFile(out, 'utf8')).toBe(text);
  });

  it('lifts a values file, and says of each line what became of it', async () => {
    const out = path.join(folder, 'lifted.yaml');
    const from = 'platform/actions/check/testing/production-tls.yaml';
    const { text } = await run('init', ...answers, '--from', from, '--out', out, '--json');
    const { lines } = JSON.parse(text.slice(text.indexOf('{'))) as {
      lines: { line: number; path: string; became?: string }[];
    };
    expect(lines).toContainEqual({
      line: 30,
      path: 'bookkeeper.replicaCount',
      became: 'pulsar.bookies.replicas: 5',
    });
    expect(lines.every(({ line }) => line > 0)).toBe(true);
    const { pulsar } = parse(await readFile(out, 'utf8'));
    expect(pulsar.bookies).toMatchObject({ replicas: 5, ledgersGiB: 500, memoryMiB: 6144, heapMiB: 2048 });
    expect(pulsar.quorum).toEqual({ ensemble: 3, write: 3, ack: 2 });
  });

  it('asks nobody where nobody can answer', async () => {
    expect(await run('init', '--out', path.join(folder, 'none.yaml'))).toMatchObject({ code: 2 });
  });
});

describe('completion', () => {
  const program = programOf({ io: io().io, exitCode: 0 });

  it.each([
    ['platform ch', 'check'],
    ['platform certs iss', 'issue'],
    ['platform check --sar', '--sarif'],
  ])('completes "%s" in bash', (typed, wanted) => {
    const words = typed.split(' ');
    const script = `${completionScript(program, 'bash')}
COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _platform; echo "\${COMPREPLY[@]}"`;
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split(' ')).toContain(wanted);
  });

  it('names every command for fish', () => {
    const script = completionScript(program, 'fish');
    for (const { words } of COMMANDS) expect(script).toContain(`-a ${words.at(-1)}`);
  });
});
