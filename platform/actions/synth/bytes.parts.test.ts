import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = path.resolve('.');
const PROGRAM = path.join(ROOT, 'platform/cli/bin.js');

let folder: string;
let first: ReadonlyMap<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'same-bytes-'));
  first = await synth('here', { cwd: ROOT, env: { TZ: 'UTC', LANG: 'C' } });
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

it('are the same in another time zone, language, working folder and folder to write to', async () => {
  const elsewhere = path.join(folder, 'with a space');
  await mkdir(elsewhere);
  const env = { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };
  const again = await synth('with a space/éßı', { cwd: elsewhere, env });
  expect([...again.keys()]).toEqual([...first.keys()]);
  expect([...again].filter(([file, text]) => first.get(file) !== text).map(([file]) => file)).toEqual([]);
});

it('come out of `cdk8s synth` too, for the Kubernetes side', async () => {
  const out = path.join(folder, 'cdk8s');
  // Its question for a newer version of itself goes out to the registry.
  await program('cdk8s', ['synth', '--output', out], { CDK8S_CHECK_UPGRADE: 'false' });
  const files = [...(await filesIn(out))].filter(([file]) => file.endsWith('.yaml'));
  expect(new Map(files)).toEqual(below('kubernetes'));
});

it('come out of `cdk synth` too, for the AWS side', async () => {
  const out = path.join(folder, 'cdk');
  await program('cdk', ['synth', '--quiet', '--no-notices', '--output', out], {});
  const templates = [...(await filesIn(out))].flatMap(([file, text]) => {
    const stack = /^voice-prod-(.+\.template\.json)$/.exec(file)?.[1];
    // Ours end with a new line.
    return stack === undefined ? [] : [[stack, `${text}\n`] as const];
  });
  expect(new Map(templates)).toEqual(below('aws'));
});

async function synth(out: string, { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }) {
  const to = path.join(folder, out);
  const config = path.join(ROOT, 'platform.yaml');
  await execa(process.execPath, [PROGRAM, 'synth', '--config', config, '--env', 'prod', '--out', to], {
    ...{ cwd, env },
  });
  return filesIn(to);
}

async function program(name: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  await execa('npx', ['--no-install', name, ...args], { cwd: ROOT, env: { ...env, PLATFORM_ENV: 'prod' } });
}

/** Text by path, in the order of the paths. */
async function filesIn(at: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(at, { recursive: true, withFileTypes: true });
  const files = entries
    .filter(entry => entry.isFile())
    .map(entry => path.relative(at, path.join(entry.parentPath, entry.name)))
    .sort();
  return new Map(
    await Promise.all(files.map(async file => [file, await readFile(path.join(at, file), 'utf8')] as const)),
  );
}

function below(room: string): ReadonlyMap<string, string> {
  const own = [...first].filter(([file]) => file.startsWith(`${room}/`));
  return new Map(own.map(([file, text]) => [file.slice(room.length + 1), text]));
}
