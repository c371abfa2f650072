import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { copyFile, cp, link, mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { DockerfileParser } from 'dockerfile-ast';
import { execa } from 'execa';
import getPort from 'get-port';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forge, forgeAuthority } from '../certs/testing/forge.js';
import { objectsOf } from '../charts/testing/variants.js';
import { configOf } from '../platform/config/testing/configs.js';
import { makePlan } from '../platform/plan/index.js';

/**
 * The image, without a builder of images: the stages of the Dockerfile as folders, with what `.dockerignore` lets in and
 * what `npm ci` would install. It is outside of the checkout, so that no package of development is found from it.
 */
const stages = mkdtempSync(path.join(tmpdir(), 'platform-image-'));
const image = path.join(stages, 'image');
const build = path.join(stages, 'build');
const files = path.join(stages, 'files');
afterAll(() => rm(stages, { recursive: true, force: true }));

const instructions = DockerfileParser.parse(readFileSync('Dockerfile', 'utf8'))
  .getInstructions()
  .map(it => [it.getKeyword(), it.getArgumentsContent() ?? ''] as const);
const copied = instructions.flatMap(([keyword, rest]) => (keyword === 'COPY' ? [rest.split(' ')] : []));

/** Of the packages; before those of the platform were told apart it was 538 MB. */
const MOST_BYTES = 150e6;

/** For a program to start; on a machine that does much else too. */
const PATIENCE_MS = 90_000;

/** The lines of `.dockerignore` that shut something out within what it lets in. */
const SHUT_OUT: Readonly<Record<string, RegExp>> = {
  '**/*.test.ts': /\.test\.ts$/,
  '**/testing': /(^|\/)testing$/,
  '**/*.pem': /\.pem$/,
  '**/*.key': /\.key$/,
};

const plan = makePlan(configOf(readFileSync('platform.yaml', 'utf8'), 'prod'), { target: 'cluster' });

interface PodOwner {
  readonly template: {
    readonly spec: {
      readonly containers: readonly [
        { readonly env: readonly { readonly name: string; readonly value: string }[] },
      ];
    };
  };
}

const names = new Set(plan.services.map(({ name }) => name));
const pods = objectsOf(plan).flatMap(({ kind, metadata, spec }) =>
  ['Deployment', 'StatefulSet'].includes(kind) && names.has(metadata.name)
    ? [{ name: metadata.name, env: (spec as PodOwner).template.spec.containers[0].env }]
    : [],
);

const root = forgeAuthority();
const leaf = forge({ issuer: root, subject: 'CN=localhost', dns: ['localhost'] });

beforeAll(async () => {
  const sources = copied.flatMap(words => words.slice(0, -1)).filter(source => !source.startsWith('/app/'));
  for (const source of new Set(sources)) {
    await cp(source, path.join(build, source), { recursive: true, filter: letIn });
  }
  await symlink(path.resolve('node_modules'), path.join(build, 'node_modules'));
  const [, ...steps] = instructions
    .flatMap(([keyword, rest]) => (keyword === 'RUN' ? [rest] : []))
    .slice(0, 2);
  for (const step of steps) await execa('sh', ['-ec', step], { cwd: build });
  for (const [source = '', to = ''] of copied) {
    if (source === '/app/node_modules') await productionPackages(path.join(image, to));
    else if (source.startsWith('/app/'))
      await cp(path.join(build, path.relative('/app', source)), path.join(image, to), { recursive: true });
  }

  await readImports();
  await mkdir(files);
}, 240_000);

function letIn(source: string): boolean {
  return !Object.values(SHUT_OUT).some(pattern => pattern.test(source));
}

/** What `npm ci --omit=dev` installs: the entries of the lock that are not of development and are there on this system. */
async function productionPackages(to: string): Promise<void> {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean }>>;
  };
  for (const [place, { dev, devOptional }] of Object.entries(packages)) {
    if (place === '' || dev || devOptional) continue;
    await linkFolder(place, path.join(to, path.relative('node_modules', place)));
  }
}

/** Without the packages within it, which have entries of their own. */
async function linkFolder(from: string, to: string): Promise<void> {
  const entries = await readdir(from, { withFileTypes: true }).catch(() => []);
  if (entries.length === 0) return;
  await mkdir(to, { recursive: true });
  await Promise.all(
    entries.map(async entry => {
      const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules') await linkFolder(source, target);
        return;
      }
      await link(source, target).catch(() => copyFile(source, target));
    }),
  );
}

/** What the scripts of the image import of other packages. */
const imported = new Set<string>();

async function readImports(): Promise<void> {
  const dist = path.join(image, 'dist/demo-services');
  for (const name of await readdir(dist, { recursive: true })) {
    if (!name.endsWith('.js') || name.startsWith('web/page/')) continue;
    const script = readFileSync(path.join(dist, name), 'utf8');
    for (const [, specifier = ''] of script.matchAll(/(?:from |import\(|import )'([^'.][^']*)'/g))
      if (!specifier.startsWith('node:')) imported.add(specifier);
  }
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** What the pod is told, with each mounted file in a folder of this machine. */
async function environmentOf(
  { name: service, env }: (typeof pods)[number],
  port: number,
): Promise<NodeJS.ProcessEnv> {
  const contents: Readonly<Record<string, string>> = {
    'ca.crt': root.pem,
    'tls.crt': leaf.pem,
    'tls.key': leaf.keyPem,
    url: 'postgres://user@localhost:1/none',
  };
  const told = await Promise.all(
    env.map(async ({ name, value }) => {
      if (!value.startsWith('/run/') && !value.startsWith('/var/')) return [name, value];
      const file = path.join(files, service, value);
      await mkdir(path.dirname(file), { recursive: true });
      if (value.startsWith('/run/')) await writeFile(file, contents[path.basename(file)] ?? 'x'.repeat(43));
      return [name, file];
    }),
  );
  return { ...Object.fromEntries(told), PORT: String(port), HOST: '127.0.0.1' };
}

function health(port: number): Promise<number | undefined> {
  return new Promise(resolve => {
    const asked = request(
      { host: '127.0.0.1', port, path: '/health', ca: root.pem, servername: 'localhost', agent: false },
      response => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    asked.on('error', () => resolve(undefined));
    asked.end();
  });
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

describe('the image', { timeout: 2 * PATIENCE_MS }, () => {
  it('is made of what .dockerignore lets in', () => {
    const shutOut = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter(line => line.startsWith('**/'));
    expect(shutOut).toEqual(Object.keys(SHUT_OUT));
  });

  it.concurrent.each(pods)('starts $name as its pod does, and ends it when told to', async pod => {
    const { name } = pod;
    const port = await getPort({ host: '127.0.0.1' });
    const told = await environmentOf(pod, port);
    const [, , command = ''] = JSON.parse(
      instructions.findLast(([keyword]) => keyword === 'CMD')?.[1] ?? '[]',
    ) as string[];
    const child = spawn('sh', ['-c', command], {
      cwd: image,
      env: { PATH: process.env['PATH'], NODE_ENV: 'production', SERVICE: name, ...told },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = Promise.all([textOf(child.stdout), textOf(child.stderr)]);
    const until = Date.now() + PATIENCE_MS;
    let answered: number | undefined;
    while (answered === undefined && child.exitCode === null && Date.now() < until)
      answered = await health(port);
    child.kill('SIGTERM');
    const code = await ended(child);
    expect(answered, (await output).join('')).toBe(200);
    expect(code, (await output).join('')).toBe(0);
  });

  it('holds the page that web serves, and no source or test', async () => {
    const page = await readdir(path.join(image, 'dist/demo-services/web/page'));
    expect(page).toContain('index.html');
    const all = await readdir(path.join(image, 'dist'), { recursive: true });
    expect(all.filter(name => /(\.test\.js|(^|\/)testing(\/|$)|(?<!\.d)\.ts$)/.test(name))).toEqual([]);
  });

  it('imports nothing that is not in it', async () => {
    const outside = [...imported];
    expect(outside.length).toBeGreaterThan(20);
    const ask = `for (const name of ${JSON.stringify(outside)}) import.meta.resolve(name);`;
    await execa('node', ['--input-type=module', '--eval', ask], { cwd: image });
  });

  it('depends on exactly the packages that the services import', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: object };
    const names = [...imported].map(specifier => packageOf(specifier));
    expect([...new Set(names)].sort()).toEqual(Object.keys(dependencies).sort());
  });

  it(`has no package of the platform, and packages of no more than ${MOST_BYTES / 1e6} MB`, async () => {
    for (const name of ['aws-cdk-lib', 'cdk8s', '@aws-cdk', '@kubernetes', 'typescript'])
      expect(existsSync(path.join(image, 'node_modules', name)), name).toBe(false);
    const all = await readdir(path.join(image, 'node_modules'), { recursive: true, withFileTypes: true });
    const sizes = await Promise.all(
      all.map(async entry =>
        entry.isFile() ? (await stat(path.join(entry.parentPath, entry.name))).size : 0,
      ),
    );
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(MOST_BYTES / 2);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });

  it.each(['x64', 'arm64'])('has the compiled code of each package for linux on %s', machine => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
      packages: Readonly<Record<string, { readonly dev?: boolean }>>;
    };
    for (const name of [
      `@img/sharp-linux-${machine}`,
      `@img/sharp-libvips-linux-${machine}`,
      `@libsql/linux-${machine}-gnu`,
    ])
      expect(packages[`node_modules/${name}`], name).toMatchObject({ optional: true, cpu: [machine] });
  });
});
