import process from 'node:process';
import type { Io } from './io.js';

/** This process as the program's outside. The first SIGINT or SIGTERM asks for an end; a second one ends at once. */
export function processIo(): Io {
  // What the AWS SDK says about Node 20 on its first use is no news to the user of this program.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => interrupt.abort(new Error(signal)));
  }
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: interrupt.signal,
  };
}
