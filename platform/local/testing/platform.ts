import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { localReset } from '../../actions/local/down.js';
import { type LocalStatus, localStatus } from '../../actions/local/status.js';
import { localUp } from '../../actions/local/up.js';
import { parseConfig } from '../../config/index.js';
import { identify } from '../../edges/process-identity.js';
import { silent } from '../../report.js';
import { openStateFolder, type StateFolder } from '../state-folder.js';

export interface TestPlatform {
  readonly status: LocalStatus;
  readonly folder: StateFolder;
  /** Stops it and removes its data. */
  readonly stop: () => Promise<void>;
}

export interface TestPlatformProps {
  /** Processes that are started. @default ['broker', 'store'] */
  readonly only?: readonly string[];
  /** Lines of platform.yaml besides name, region and domain. @default - none */
  readonly config?: string;
}

/**
 * A local platform in a temporary folder, for one test run or one test file (those that hurt it need one of their
 * own). It ends with this process, however that ends.
 */
export async function startTestPlatform(props: TestPlatformProps = {}): Promise<TestPlatform> {
  const { config, findings } = parseConfig(
    `name: test\nregion: eu-central-1\ndomain: test.example.com\n${props.config ?? ''}`,
  );
  if (config === undefined) throw new Error(JSON.stringify(findings));
  const folder = await openStateFolder(await mkdtemp(path.join(tmpdir(), 'platform-test-')));
  const options = { folder, report: silent, signal: new AbortController().signal };
  const owner = identify(process.pid);
  const only = props.only ?? ['broker', 'store'];
  await localUp({ ...options, config, env: process.env, only, ...(owner && { owner }) });
  return { status: await localStatus(config, folder), folder, stop: () => localReset(options) };
}
