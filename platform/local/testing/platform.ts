import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { localDown, localReset } from '../../actions/local/down.js';
import { type LocalStatus, localStatus } from '../../actions/local/status.js';
import { localUp } from '../../actions/local/up.js';
import { type Config, parseConfig } from '../../config/index.js';
import { identify } from '../../edges/process-identity.js';
import { silent } from '../../report.js';
import { openStateFolder, type StateFolder } from '../state-folder.js';

export interface TestPlatform {
  readonly folder: StateFolder;
  /** Asks the processes anew. */
  readonly status: () => Promise<LocalStatus>;
  /**
   * Brings it up again: joins, recovers, or follows another config.
   *
   * @param yaml as in `TestPlatformProps`
   */
  readonly up: (yaml?: string) => Promise<void>;
  /** Stops it; its data stays. */
  readonly down: () => Promise<void>;
  /** Stops it and removes its data. */
  readonly stop: () => Promise<void>;
}

export interface TestPlatformProps {
  /** Processes that are started. @default ['broker', 'store'] */
  readonly only?: readonly string[];
  /** Lines of platform.yaml besides name, region and domain. @default - none */
  readonly yaml?: string;
}

/**
 * A local platform in a temporary folder, for one test run or one test file (those that hurt it need one of their
 * own). It ends with this process, however that ends.
 */
export async function startTestPlatform(props: TestPlatformProps = {}): Promise<TestPlatform> {
  const folder = await openStateFolder(await mkdtemp(path.join(tmpdir(), 'platform test-')));
  const options = { folder, report: silent, signal: new AbortController().signal };
  const owner = identify(process.pid);
  const only = props.only ?? ['broker', 'store'];
  const up = (yaml = props.yaml) =>
    localUp({ ...options, config: testConfig(yaml), env: process.env, only, ...(owner && { owner }) });
  await up();
  return {
    folder,
    up,
    status: () => localStatus(testConfig(props.yaml), folder),
    down: async () => {
      await localDown(options);
    },
    stop: () => localReset(options),
  };
}

export function testConfig(yaml = ''): Config {
  const { config, findings } = parseConfig(
    `name: test\nregion: eu-central-1\ndomain: test.example.com\n${yaml}`,
  );
  if (config === undefined) throw new Error(JSON.stringify(findings));
  return config;
}
