#!/usr/bin/env node
// The program itself is TypeScript, compiled to dist/ by the set-up (`npm run setup`, `npm run demo`, `npm test`).
import { existsSync } from 'node:fs';
import process from 'node:process';

const compiled = new URL('../../dist/platform/cli/', import.meta.url);
if (!existsSync(compiled)) {
  process.stderr.write('✗ NotBuilt: the program is not compiled yet\n  fix    npm run setup\n');
  process.exit(2);
}

const [{ main }, { exit, processIo }] = await Promise.all([
  import(new URL('main.js', compiled).href),
  import(new URL('process-io.js', compiled).href),
]);
await exit(await main(process.argv.slice(2), processIo()));
