import { spawn } from 'node:child_process';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import { ACCOUNT, REGION } from './iam.js';

export interface Emulator {
  readonly url: string;
  stop(): void;
}

/** ministack, on loopback, with nothing in it. */
export async function startEmulator(program: string): Promise<Emulator> {
  const port = await getPort({ host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(program, [], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
      MINISTACK_REGION: REGION,
      MINISTACK_ACCOUNT_ID: ACCOUNT,
    },
  });
  for (let tries = 0; tries < 120; tries += 1) {
    const answers = await fetch(new URL('/_localstack/health', url)).catch(() => undefined);
    if (answers?.ok) return { url, stop: () => child.kill() };
    await sleep(500);
  }
  child.kill();
  throw new Error('ministack does not answer');
}
