import path from 'node:path';
import { type Config, environmentsOf, parseConfig } from '../config/index.js';
import { type Finding, PlatformError } from '../errors.js';
import { readText } from './read-text.js';

/** A config as it was read, once: a pipe gives its text no second time, and somebody may save it between two reads. */
export interface ConfigText {
  /** As it was named, for findings. */
  readonly file: string;
  readonly text: string;
}

export interface LoadedConfig {
  readonly config: Config;
  /** What is doubtful, though it works. */
  readonly warnings: readonly Finding[];
  /** What it was read from. */
  readonly read: ConfigText;
}

/** Reads platform.yaml of one environment; every mistake in it is in the findings of the error. */
export async function loadConfig(file: string, env?: string): Promise<Config> {
  return (await readConfig(file, env)).config;
}

/** The same, with the warnings. */
export async function readConfig(file: string, env?: string): Promise<LoadedConfig> {
  return parsedConfig(await readConfigText(file), env);
}

/** @throws ConfigNotFound, NotUtf8 */
export async function readConfigText(file: string): Promise<ConfigText> {
  const text = await readText(file).catch((cause: NodeJS.ErrnoException) => {
    if (!['ENOENT', 'EISDIR', 'ENOTDIR'].includes(cause.code ?? '')) throw cause;
    throw new PlatformError('ConfigNotFound', `there is no config ${file}`, {
      where: path.resolve(file),
      refused: true,
      cause,
    });
  });
  return { file, text };
}

/** One environment of what was read. @throws ConfigInvalid */
export function parsedConfig(read: ConfigText, env?: string): LoadedConfig {
  const { file, text } = read;
  const today = new Date().toISOString().slice(0, 10);
  const { config, findings } = parseConfig(text, { file, today, ...(env !== undefined && { env }) });
  if (config !== undefined) return { config, warnings: findings, read };
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
export function mistakesInEnvironments({ file, text }: ConfigText): readonly Finding[] {
  return environmentsOf(text).flatMap(env =>
    parseConfig(text, { file, env })
      .findings.filter(({ severity }) => severity === 'error')
      .map(found => ({ ...found, environments: [env] })),
  );
}
