import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Config, parseConfig } from '../config/index.js';
import { PlatformError } from '../errors.js';

/** Reads platform.yaml of one environment; every mistake in it is in the findings of the error. */
export async function loadConfig(file: string, env?: string): Promise<Config> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT' && cause.code !== 'EISDIR') throw cause;
    throw new PlatformError('ConfigNotFound', `there is no config ${file}`, {
      where: path.resolve(file),
      refused: true,
      cause,
    });
  });
  const { config, findings } = parseConfig(text, { file, ...(env !== undefined && { env }) });
  if (config !== undefined) return config;
  throw new PlatformError('ConfigInvalid', `${file} has ${findings.length} mistakes`, {
    findings,
    refused: true,
  });
}
