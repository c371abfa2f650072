import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { processesWithEnv } from '../edges/process-identity.js';
import { packageRoot } from '../local/compiled.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'cli-'));
  await writeConfig();
});
afterEach(async () => {
  await platform(['local', 'down']);
  await rm(folder, { recursive: true, force: true });
});

async function writeConfig(more = ''): Promise<void> {
  const text = `name: cli\nregion: eu-central-1\ndomain: cli.example.com\n${more}`;
  await writeFile(path.join(folder, 'platform.yaml'), text);
}

function platform(args: readonly string[], env: Record<string, string> = {}) {
  return execa(process.execPath, [path.join(packageRoot(), 'platform/cli/bin.js'), ...args], {
    cwd: folder,
    env,
    reject: false,
    stdin: 'ignore',
  });
}

const nothingRuns = () => processesWithEnv('PULSAR_PLATFORM_STATE', path.join(folder, '.platform/local'));

describe('platform local, when it cannot do what it is asked', () => {
  it('says which port is busy and how to find who has it, and starts nothing', async () => {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await writeConfig(`local: { ports: { brokerWeb: ${port} } }\n`);
    const { exitCode, stderr } = await platform(['local', 'up']);
    server.close();
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`PortBusy: port ${port} of broker/https is in use by another program`);
    expect(stderr).toMatch(/fix .*lsof -nP -iTCP:\d+/);
    expect(nothingRuns()).toEqual([]);
  });

  it('sends to the set-up when a part is missing', async () => {
    const { exitCode, stderr } = await platform(['local', 'up'], {
      XDG_CACHE_HOME: path.join(folder, 'empty'),
    });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/PartMissing: .*is not installed\n.*\n +fix +npm run setup/s);
  });

  it('refuses a state folder that holds something else', async () => {
    await mkdir(path.join(folder, 'mine'));
    await writeFile(path.join(folder, 'mine', 'thesis.tex'), 'years');
    const { exitCode, stderr } = await platform(['local', 'reset', '--state', 'mine']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('StateFolderForeign')]);
    expect(existsSync(path.join(folder, 'mine', 'thesis.tex'))).toBe(true);
  });

  it('refuses a transcription API that is no URL', async () => {
    const { exitCode, stderr } = await platform(['local', 'up'], { OPENAI_BASE_URL: 'api.openai.com' });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('OPENAI_BASE_URL is not a URL')]);
  });

  const canMount = process.platform === 'linux' && process.getuid?.() === 0;

  it.runIf(canMount)(
    'says that the disk is full before it begins (needs root, to mount a small one)',
    async () => {
      const disk = path.join(folder, 'disk');
      await mkdir(disk);
      await execa('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', disk]);
      try {
        const { exitCode, stderr } = await platform(['local', 'up', '--state', path.join(disk, 'state')]);
        expect(exitCode).toBe(2);
        expect(stderr).toMatch(/DiskFull: .*\n.*\n +saw +6\d MiB free\n +want +>= 512 MiB/);
      } finally {
        await execa('umount', ['--lazy', disk]);
      }
    },
  );

  it('says that nothing runs: status 3, tenants 2, down 0', async () => {
    const status = await platform(['local', 'status', '--json']);
    expect([status.exitCode, JSON.parse(status.stdout).ready]).toEqual([3, false]);
    expect((await platform(['status'])).exitCode).toBe(3);
    const tenants = await platform(['tenants', 'plan']);
    expect([tenants.exitCode, tenants.stderr]).toEqual([2, expect.stringContaining('LocalNotRunning')]);
    expect((await platform(['local', 'down'])).exitCode).toBe(0);
  });

  it('stops what it had begun when it is interrupted', async () => {
    const up = platform(['local', 'up']);
    await expect.poll(() => nothingRuns().length, { timeout: 15_000 }).toBeGreaterThan(1);
    up.kill('SIGINT');
    expect((await up).exitCode).toBe(130);
    expect(nothingRuns()).toEqual([]);
  });
});

describe('platform local logs', () => {
  it('prints the last lines of one process, or of all with their names', async () => {
    const { state } = inject('platform');
    const one = await platform(['local', 'logs', 'store', '-n', '2', '--state', state]);
    expect(one.stdout.split('\n')).toHaveLength(2);
    const all = await platform(['local', 'logs', '--state', state, '--json']);
    const processes = JSON.parse(all.stdout).map((line: { process: string }) => line.process);
    expect(new Set(processes)).toEqual(new Set(['broker', 'store', 'supervisor']));
  });

  it('holds no secret', async () => {
    const { state } = inject('platform');
    const { stdout } = await platform(['local', 'logs', '-n', '100000', '--state', state]);
    expect(stdout).not.toMatch(/PRIVATE KEY|eyJ[\w-]{20,}\.|sk-[\w-]{20,}/);
  });
});

describe('platform dlq replay', () => {
  it('of an id that does not wait is refused', async () => {
    const { state } = inject('platform');
    const { exitCode, stderr } = await platform(['dlq', 'replay', '9:9:9', '--state', state]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('DeadLetterNotFound')]);
  });
});
