import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { requireJava } from '../../platform/local/install/java.js';
import { partFolders } from '../../platform/local/install/parts.js';

/** Identity that real parts serve with mutual TLS. */
export interface PartIdentity {
  /** PEM, leaf first. */
  readonly certificate: string;
  /** PEM, PKCS #8 */
  readonly key: string;
  /** PEM: the roots of their clients. */
  readonly trust: string;
}

/** A folder, and programs of the Pulsar distribution that run in it. */
export interface JavaParts {
  /** Path of a file of the folder. */
  readonly at: (...names: readonly string[]) => string;
  /** Writes files of the folder, by name; nobody else reads them. */
  readonly write: (files: Readonly<Record<string, string>>) => Promise<void>;
  /** Starts a program that logs into `<name>.log`. */
  readonly run: (name: string, ...args: readonly string[]) => ChildProcess;
}

const OPENED = [
  'java.base/java.io',
  'java.base/java.nio',
  'java.base/java.util.zip',
  'java.base/jdk.internal.misc',
];

/**
 * Starts real parts that end, and leave nothing, with `stop`.
 *
 * @param log name of the part whose log tells why they did not start
 * @param start resolves, once they serve, with where they do
 */
export async function startJavaParts<T extends object>(
  log: string,
  start: (parts: JavaParts) => Promise<T>,
): Promise<T & { readonly stop: () => Promise<void> }> {
  const { program } = await requireJava(process.env);
  const flags = [
    ...['-Xmx256m', '-XX:TieredStopAtLevel=1', '-Djava.net.preferIPv4Stack=true'],
    ...OPENED.flatMap(name => ['--add-opens', `${name}=ALL-UNNAMED`]),
    ...['-cp', path.join(partFolders().pulsar, 'lib', '*')],
  ];
  const folder = await mkdtemp(path.join(tmpdir(), `${log}-`));
  const at: JavaParts['at'] = (...names) => path.join(folder, ...names);
  const running: ChildProcess[] = [];
  const stop = async () => {
    for (const child of running) child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const started = await start({
      at,
      write: async files => {
        for (const [name, text] of Object.entries(files)) await writeFile(at(name), text, { mode: 0o600 });
      },
      run: (name, ...args) => {
        const output = openSync(at(`${name}.log`), 'a');
        const child = spawn(program, [...flags, ...args], { cwd: folder, stdio: ['ignore', output, output] });
        running.push(child);
        return child;
      },
    });
    return { ...started, stop };
  } catch (error) {
    const said = await readFile(at(`${log}.log`), 'utf8').catch(() => '');
    await stop();
    throw new Error(`${log} did not start: ${said.slice(-2000)}`, { cause: error });
  }
}

/** The text of a properties file. */
export function properties(values: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

export function port(): Promise<number> {
  return getPort({ host: '127.0.0.1' });
}

/** Whether somebody listens at a port of 127.0.0.1. */
export function isOpen(wanted: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(wanted, '127.0.0.1');
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (await holds()) return;
    await sleep(100);
  }
  throw new Error('it took too long');
}
