import process from 'node:process';
import { PlatformError } from '../../errors.js';
import type { StateFolder } from '../../local/index.js';
import { examine } from '../doctor/index.js';
import { readConfig } from '../load.js';
import { localFacts } from '../status/local.js';
import { statusOf } from '../status/status.js';
import { type Bundle, writeBundle } from './bundle.js';

export interface CollectOptions {
  readonly folder: StateFolder;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: string;
  readonly environment?: string;
  readonly out: string;
}

/** Gathers what can be gathered: a bundle is wanted most when something does not work. */
export async function collectBundle(options: CollectOptions): Promise<Bundle> {
  const { folder, signal, env, config, environment, out } = options;
  const [status, doctor] = await Promise.all([
    told(async () => {
      const loaded = await readConfig(config, environment);
      return { warnings: loaded.warnings, ...statusOf(await localFacts(loaded.config, folder), new Date()) };
    }),
    told(() => examine({ env, root: folder.root, signal })),
  ]);
  const versions = { node: process.versions, platform: process.platform, arch: process.arch };
  return writeBundle({
    folder,
    config,
    env,
    out,
    findings: { 'status.json': status, 'doctor.json': doctor, 'versions.json': versions },
  });
}

/** What came of it, or why nothing did. */
async function told(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const { code, message, where, saw, findings } = error;
    return { error: { code, message, where, saw, findings } };
  }
}
