#!/usr/bin/env node
// The program itself is TypeScript, compiled to dist/ by the set-up (`npm run setup`, `npm run demo`, `npm test`).
import { existsSync } from 'node:fs';
import process from 'node:process';

const program = new URL('../../dist/platform/cli/main.js', import.meta.url);
if (!existsSync(program)) {
  process.stderr.write('✗ NotBuilt: the program is not compiled yet\n  fix    npm run setup\n');
  process.exit(2);
}

const { main } = await import(program.href);
// What the AWS SDK says about Node 20 on its first use is no news to the user of this program.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => interrupt.abort(new Error(signal)));
}
process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  signal: interrupt.signal,
});
