import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrafficReport } from '../demo-services/traffic/index.js';
import { packageRoot } from '../platform/local/compiled.js';
import { recordedPlan, serviceFiles } from '../platform/local/index.js';
import { startTestPlatform, type TestPlatform, testConfig } from '../platform/local/testing/platform.js';
import { serviceEnv } from '../platform/plan/index.js';

let platform: TestPlatform;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'traffic-test-'));
  await writeFile(
    path.join(folder, 'platform.yaml'),
    'name: test\nregion: eu-central-1\ndomain: test.example.com\n',
  );
  platform = await startTestPlatform({ only: ['broker', 'store', 'speech', 'transcriber', 'images'] });
});
afterAll(async () => {
  await platform?.stop();
  await rm(folder, { recursive: true });
});

/** Runs the script as a user does. */
async function traffic(flags: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const program = path.join(packageRoot(), 'dist', 'scripts', 'traffic.js');
  const files = { json: path.join(folder, 'figures.json'), html: path.join(folder, 'report.html') };
  const where = ['--config', path.join(folder, 'platform.yaml'), '--state', platform.folder.root];
  const written = ['--json', files.json, '--html', files.html];
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [program, ...where, ...written, ...flags],
    {
      env,
      reject: false,
    },
  );
  return {
    exitCode,
    stdout,
    stderr,
    report: async () => JSON.parse(await readFile(files.json, 'utf8')) as TrafficReport,
    page: () => readFile(files.html, 'utf8'),
  };
}

describe('traffic on the local platform', { timeout: 120_000 }, () => {
  it('accounts for every message while a worker and the store are killed and some messages are spoilt', async () => {
    const flags = [
      '--count',
      '60',
      '--image-share',
      '0.9',
      '--corrupt',
      '0.2',
      '--kill',
      'images',
      '--kill',
      'store',
    ];
    const { exitCode, stdout, report, page } = await traffic(flags);
    expect(stdout).toMatch(/lost +0 +✔/);
    const found = await report();
    expect(found).toMatchObject({ sent: 60, done: 48, lost: 0, duplicatedEffects: 0, outOfOrder: 0 });
    expect(found.deadLettered).toHaveLength(12);
    expect(found.wordErrorRate).toBeLessThanOrEqual(0.05);
    expect(await page()).toContain('Every message is accounted for.');
    expect(exitCode).toBe(0);
  });

  it('says what is wrong with its flags, and sends nothing', async () => {
    const { exitCode, stderr } = await traffic(['--corrupt', '7', '--kill', 'everything']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/wanted a part from 0 to 1/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('where the environment names a broker', { timeout: 120_000 }, () => {
  it('traffic needs nothing else: as in a cluster, without the kit, and whatever AWS account its user has', async () => {
    const plan = await recordedPlan(testConfig(), platform.folder);
    const env = serviceEnv(plan, 'traffic', serviceFiles(platform.folder, 'traffic'));
    const program = path.join(packageRoot(), 'dist', 'demo-services', 'traffic', 'main.js');
    const { exitCode, stdout } = await execa(
      process.execPath,
      [program, '--count', '8', '--image-share', '1', '--corrupt', '0.25'],
      { env: { ...env, AWS_ACCESS_KEY_ID: 'not-ours', AWS_SECRET_ACCESS_KEY: 'not-ours' }, reject: false },
    );
    expect(JSON.parse(stdout)).toMatchObject({ sent: 8, done: 6, lost: 0, deadLettered: [{}, {}] });
    expect(exitCode).toBe(0);
  });

  it('what is missing in the environment is named, and nothing is killed', async () => {
    const url = { PULSAR_SERVICE_URL: 'pulsar+ssl://localhost:6651' };
    const { exitCode, stderr } = await traffic([], url);
    expect(exitCode).toBe(2);
    for (const name of ['TOPIC_AUDIO', 'BUCKET_RESULTS', 'TLS_TRUST_FILE']) expect(stderr).toContain(name);
    const killing = await traffic(['--kill', 'broker'], url);
    expect(killing.exitCode).toBe(2);
    expect(killing.stderr).toContain('TrafficFailed');
  });
});
