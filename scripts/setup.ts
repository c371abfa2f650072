// `npm run setup`: everything that the local platform needs on this machine.
import process from 'node:process';
import { Reporter } from '../platform/cli/reporter.js';
import { PlatformError } from '../platform/errors.js';
import { installParts } from '../platform/local/index.js';

const reporter = new Reporter({ ...process, cwd: process.cwd(), signal: new AbortController().signal });
try {
  await installParts({ report: reporter, signal: new AbortController().signal });
} catch (error) {
  if (!(error instanceof PlatformError)) throw error;
  reporter.error(error);
  process.exitCode = 1;
}
