import { execa } from 'execa';
import type { TestProject } from 'vitest/node';
import type { LocalStatus } from '../../actions/local/status.js';
import { packageRoot } from '../compiled.js';
import { startTestPlatform, type TestPlatform } from './platform.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The local platform that all live tests of a run share. */
    readonly platform: LocalStatus;
  }
}

let platform: TestPlatform | undefined;

/** One local platform for a whole run of live tests. Processes of their own are started from dist/: it is built first. */
export async function setup(project: TestProject): Promise<void> {
  await execa('npm', ['run', '--silent', 'build'], { cwd: packageRoot() });
  await execa('npm', ['run', '--silent', 'build:page'], { cwd: packageRoot() });
  platform = await startTestPlatform();
  project.provide('platform', await platform.status());
}

export async function teardown(): Promise<void> {
  await platform?.stop();
}
