import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { readIfThere, writeOut } from '../../edges/files.js';
import { type StateFolder, tail } from '../../local/index.js';
import { redact } from './redact.js';

export interface BundleOptions {
  readonly folder: StateFolder;
  /** The user's config. */
  readonly config: string;
  /** What was found out about the platform and this machine, by file name. */
  readonly findings: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The tar.gz that is written, readable by its owner alone. */
  readonly out: string;
}

export interface Bundle {
  readonly file: string;
  readonly files: readonly string[];
  readonly bytes: number;
}

/** Of each log; the end is what matters. */
const LOG_BYTES = 512 * 1024;
/** Folders of the state whose every file is secret: they are read to know what must not appear anywhere. */
const SECRET_FOLDERS = ['secrets', 'tokens', 'token-keys', 'authority', 'next-authority', 'certificates'];
/** Variables whose values are secret. */
const SECRET_VARIABLES = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/i;

/** What somebody else needs to help, and no secret: config, status, the ends of the logs, what the parts are told. */
export async function writeBundle({ folder, config, findings, env, out }: BundleOptions): Promise<Bundle> {
  const secrets = [...(await secretsOf(folder)), ...secretVariables(env)];
  const files: Record<string, string> = {
    'platform.yaml': (await readIfThere(config)) ?? '',
    ...Object.fromEntries(
      Object.entries(findings).map(([name, value]) => [name, `${JSON.stringify(value, null, 2)}\n`]),
    ),
    ...(await textsOf(path.join(folder.root, 'logs'), 'logs')),
    ...(await textsOf(path.join(folder.root, 'config'), 'config')),
    'processes.json': (await readIfThere(folder.processes)) ?? '',
    'supervisor.json': (await readIfThere(folder.supervisor)) ?? '',
    'record.json': (await readIfThere(folder.record)) ?? '',
  };
  const archive = pack();
  for (const [name, text] of Object.entries(files).filter(([, it]) => it !== '')) {
    archive.entry({ name: `support/${name}`, mode: 0o600 }, redact(text, secrets));
  }
  archive.finalize();
  const bytes = await buffer(archive.pipe(createGzip()));
  await writeOut(out, bytes, 0o600);
  const names = Object.keys(files).filter(name => files[name] !== '');
  return { file: out, files: names, bytes: bytes.length };
}

/** Text files of a folder, by the name that they get. */
async function textsOf(at: string, as: string): Promise<Record<string, string>> {
  const names = await readdir(at).catch(() => []);
  const texts = names
    .filter(name => /\.(log|conf|json|ya?ml|properties)$/.test(name))
    .map(async name => [`${as}/${name}`, await tail(path.join(at, name), LOG_BYTES)] as const);
  return Object.fromEntries(await Promise.all(texts));
}

/** Every value that is secret; certificates and public keys among the files are none. */
async function secretsOf(folder: StateFolder): Promise<string[]> {
  const found = await Promise.all(
    SECRET_FOLDERS.map(async name => {
      const at = path.join(folder.root, name);
      const entries = await readdir(at, { recursive: true, withFileTypes: true }).catch(() => []);
      const files = entries.filter(entry => entry.isFile() && !/\.(crt|der)$|^jwks\.json$/.test(entry.name));
      return Promise.all(files.map(entry => readFile(path.join(entry.parentPath, entry.name), 'utf8')));
    }),
  );
  return found.flat().flatMap(text => [text, ...valuesIn(text)]);
}

/** A file of JSON or of `name = value` lines holds several secrets. */
function valuesIn(text: string): string[] {
  const quoted = [...text.matchAll(/"((?:[^"\\]|\\.)+)"/g)].map(([, value = '']) =>
    value.replaceAll('\\n', '\n'),
  );
  const assigned = [...text.matchAll(/^\s*\w+\s*=\s*(\S+)\s*$/gm)].map(([, value = '']) => value);
  return [...quoted.filter(value => !/^[a-z]+[A-Za-z]*$/.test(value)), ...assigned];
}

function secretVariables(env: BundleOptions['env']): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    SECRET_VARIABLES.test(name) && value ? [value] : [],
  );
}
