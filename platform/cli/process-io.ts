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
  // A reader that has seen enough (`| head`) is no error of this program.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    signal: interrupt.signal,
  };
}

/**
 * Ends the process when everything is written: output to a pipe is still on its way when a write returns. It is not left
 * to the event loop, which the token supplier of pulsar-client's addon keeps going for ever.
 */
export async function exit(code: number): Promise<never> {
  const written = [process.stdout, process.stderr].map(
    stream => new Promise<void>(resolve => stream.write('', () => resolve())),
  );
  await Promise.all(written);
  process.exit(code);
}
