import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrafficReport } from '../demo-services/traffic/index.js';
import { packageRoot } from '../platform/local/compiled.js';
import { openStateFolder, runningSupervisor } from '../platform/local/index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'demo-test-'));
  await copyFile(path.join(packageRoot(), 'platform.yaml'), path.join(folder, 'platform.yaml'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('npm run demo', { timeout: 300_000 }, () => {
  it('shows what would be deployed, sends through all of it, closes the ledger, and stops what it started', async () => {
    const program = path.join(packageRoot(), 'dist', 'scripts', 'demo.js');
    const { exitCode, stdout, stderr } = await execa(process.execPath, [program, '--json', 'figures.json'], {
      cwd: folder,
      reject: false,
    });
    expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });

    const figures = JSON.parse(await readFile(path.join(folder, 'figures.json'), 'utf8')) as TrafficReport;
    expect(figures).toMatchObject({ sent: 36, lost: 0, duplicatedEffects: 0, outOfOrder: 0 });
    expect(figures.deadLettered).toHaveLength(3);
    expect(figures.wordErrorRate).toBeLessThanOrEqual(0.05);
    expect(`${stdout}${stderr}`).toMatch(/prod: \d+ of \d+ rules passed/);
    expect(await readFile(path.join(folder, '.platform', 'demo', 'report.html'), 'utf8')).toContain('<svg');

    const state = await openStateFolder(path.join(folder, '.platform', 'local'));
    expect(await runningSupervisor(state)).toBeUndefined();
  });
});
