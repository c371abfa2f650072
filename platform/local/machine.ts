import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { PlatformError } from '../errors.js';
import { compiled } from './compiled.js';
import { type Environment, requireJava } from './install/java.js';
import { manifestFile } from './install/manifest.js';
import { partFolders } from './install/parts.js';
import type { Machine } from './parts/part.js';

/** What the set-up has put on this machine, and what the user's environment says. */
export async function findMachine(env: Environment): Promise<Machine> {
  const folders = partFolders();
  for (const folder of Object.values(folders)) {
    if (!existsSync(manifestFile(folder))) {
      throw new PlatformError('PartMissing', `${folder} is not installed`, { where: folder, refused: true });
    }
  }
  return {
    java: await requireJava(env),
    ...folders,
    loopback: process.platform === 'darwin' ? 'lo0' : 'lo',
    code: await digestOf(compiled('demo-services')),
    env: basicEnvironment(env),
    speechUrl: speechElsewhere(env),
  };
}

async function digestOf(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true })).filter(file => file.endsWith('.js')).sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(await readFile(path.join(folder, file)));
  return hash.digest('hex');
}

/** The user's own transcription API. The key alone is no wish to send audio there. */
function speechElsewhere(env: Environment): string | undefined {
  const url = env['OPENAI_BASE_URL'] || undefined;
  if (url === undefined || URL.canParse(url)) return url;
  throw new PlatformError('ConfigInvalid', 'OPENAI_BASE_URL is not a URL', {
    where: 'environment variable OPENAI_BASE_URL',
    saw: url,
    want: 'a URL such as https://api.openai.com/v1',
    fix: 'mend the variable, or unset it to have speech recognised on this machine',
    refused: true,
  });
}

/** The user's environment that a process may see: where programs and homes are, no credentials. */
function basicEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'PULSAR_TRANSPORT'];
  return Object.fromEntries(
    kept.flatMap(name => (env[name] === undefined ? [] : [[name, env[name]]])),
  ) as Record<string, string>;
}
