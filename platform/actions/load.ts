import path from 'node:path';
import { type Config, environmentsOf, parseConfig } from '../config/index.js';
import { type Finding, PlatformError } from '../errors.js';
import { readText } from './read-text.js';

export interface LoadedConfig {
  readonly config: Config;
  /** What is doubtful, though it works. */
  readonly warnings: readonly Finding[];
}

/** Reads platform.yaml of one environment; every mistake in it is in the findings of the error. */
export async function loadConfig(file: string, env?: string): Promise<Config> {
  return (await readConfig(file, env)).config;
}

/** The same, with the warnings. */
export async function readConfig(file: string, env?: string): Promise<LoadedConfig> {
  const text = await readText(file).catch((cause: NodeJS.ErrnoException) => {
    if (!['ENOENT', 'EISDIR', 'ENOTDIR'].includes(cause.code ?? '')) throw cause;
    throw new PlatformError('ConfigNotFound', `there is no config ${file}`, {
      where: path.resolve(file),
      refused: true,
      cause,
    });
  });
  const today = new Date().toISOString().slice(0, 10);
  const { config, findings } = parseConfig(text, { file, today, ...(env !== undefined && { env }) });
  if (config !== undefined) return { config, warnings: findings };
  throw new PlatformError(
    'ConfigInvalid',
    `${file} has ${findings.length} ${findings.length === 1 ? 'mistake' : 'mistakes'}`,
    {
      findings,
      refused: true,
    },
  );
}

/** Mistakes of the environments of a file: what a command that was told of none does not come across. */
export async function mistakesInEnvironments(file: string): Promise<readonly Finding[]> {
  const text = await readText(file);
  return environmentsOf(text).flatMap(env =>
    parseConfig(text, { file, env })
      .findings.filter(({ severity }) => severity === 'error')
      .map(found => ({ ...found, environments: [env] })),
  );
}
