import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { fetch } from 'undici';
import { inject, vi } from 'vitest';
import { partFolders } from '../../platform/local/install/parts.js';
import { pythonOf } from '../../platform/local/install/python.js';
import { fetchDispatcher } from '../runtime/trust.js';
import { temporaryFile } from './parts.js';

export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  /** Its log so far, parsed. */
  readonly log: () => readonly Readonly<Record<string, unknown>>[];
  /** Status and body of one of its pages. */
  readonly get: (page: string) => Promise<{ readonly status: number; readonly text: string }>;
  readonly ready: () => Promise<void>;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Exit code once it has ended. */
  readonly ended: Promise<number | null>;
  readonly stop: () => Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A service of this repository as a process of its own, from dist/, with the certificate of a workload. */
export async function startService(
  name: 'speech' | 'transcriber' | 'images' | 'thread' | 'web',
  env: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  const { state, trust, store } = inject('platform');
  const port = Number(env['PORT'] ?? (await getPort()));
  const at = (file: string) => path.join(state, 'certificates', name, file);
  const program = fileURLToPath(new URL(`../../dist/demo-services/${name}/main.js`, import.meta.url));
  const child = spawn(process.execPath, ['--enable-source-maps', program], {
    env: {
      PATH: process.env['PATH'],
      SERVICE_NAME: name,
      PORT: String(port),
      TLS_CERTIFICATE_FILE: at('tls.crt'),
      TLS_KEY_FILE: at('tls.key'),
      TLS_TRUST_FILE: trust,
      AWS_SHARED_CREDENTIALS_FILE: store.credentials,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk));
  const ended = once(child, 'exit').then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  const url = `https://localhost:${port}`;
  const dispatcher = fetchDispatcher(trust);
  const get = async (page: string) => {
    const answer = await fetch(`${url}${page}`, { dispatcher });
    return { status: answer.status, text: await answer.text() };
  };
  return {
    url,
    pid: child.pid ?? 0,
    log: () => output.split('\n').filter(Boolean).map(parseLine),
    get,
    ready: async () => {
      await vi.waitFor(
        async () => {
          if (child.exitCode !== null) throw new Error(`${name} ended: ${output}`);
          const { status, text } = await get('/ready');
          if (status !== 200) throw new Error(`${name} is not ready: ${text}`);
        },
        { timeout: 30_000, interval: 100 },
      );
    },
    signal: signal => child.kill(signal),
    ended,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The transcription server with a key of its own. */
export async function startSpeech(env: Readonly<Record<string, string>> = {}) {
  const keyFile = await temporaryFile('sk-test');
  const server = await startService('speech', {
    SPEECH_API_KEY_FILE: keyFile,
    SPEECH_PYTHON: pythonOf(partFolders().speech),
    ...env,
  });
  return { ...server, key: 'sk-test', keyFile };
}

function parseLine(line: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(line);
  } catch {
    return { line };
  }
}
