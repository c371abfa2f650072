import { spawn } from 'node:child_process';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';

/** moto, on loopback, with nothing in it; `env` leads the AWS CLI to it. */
export interface Moto {
  readonly url: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  stop(): void;
}

export async function startMoto(settings: Readonly<Record<string, string>> = {}): Promise<Moto> {
  const port = await getPort({ host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, ...settings },
  });
  const env = {
    ...process.env,
    ...{ AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  };
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await fetch(`${url}/moto-api/`).catch(() => undefined))?.ok)
      return { url, env, stop: () => child.kill() };
    await sleep(200);
  }
  child.kill();
  throw new Error('moto does not answer');
}
