import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import getPort from 'get-port';
import type { DatabaseSettings } from '../../testing/databases.js';
import { temporaryFile } from '../../testing/parts.js';
import { type ServiceProcess, startService } from '../../testing/process.js';
import { type VoicePlatform, voicePlatform } from '../../testing/voice.js';

export const PASSWORD = 'correct horse battery';

/** A front door and the view behind it, with people who live there. */
export interface House {
  readonly voice: VoicePlatform;
  readonly url: string;
  readonly web: () => ServiceProcess;
  readonly thread: () => ServiceProcess;
  /** Kills without a warning, and starts it again on the same port. */
  readonly restart: (which: 'web' | 'thread') => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface HouseProps {
  readonly users: readonly string[];
  readonly threads: readonly {
    readonly id: string;
    readonly members: readonly string[];
    readonly title?: string;
  }[];
  /** Port of the front door. @default - any that is free */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Empty ones, for each service its own. @default - SQLite files */
  readonly newDatabase?: () => Promise<DatabaseSettings>;
}

export async function openHouse(props: HouseProps): Promise<House> {
  const { users, threads, port, env: more = {} } = props;
  const voice = await voicePlatform();
  const folder = await mkdtemp(path.join(tmpdir(), 'web-'));
  const [webPort, threadPort] = [port ?? (await getPort()), await getPort()];
  const databaseOf = async (service: string) =>
    (await props.newDatabase?.()) ?? { DATABASE_FILE: path.join(folder, `${service}.db`) };
  const key = await temporaryFile(randomBytes(32).toString('base64url'));
  const url = `https://localhost:${webPort}`;
  const seed = {
    users: users.map(name => ({ name, password: PASSWORD })),
    threads: threads.map(({ id, members, title = `Thread ${id}` }) => ({ id, title, members })),
  };
  const envs = {
    thread: {
      ...voice.env,
      PORT: String(threadPort),
      ...(await databaseOf('thread')),
      ...more,
      INTERNAL_KEY_FILE: key,
    },
    web: {
      ...voice.env,
      PORT: String(webPort),
      PUBLIC_URL: url,
      THREAD_URL: `https://localhost:${threadPort}`,
      INTERNAL_KEY_FILE: key,
      SESSION_KEY_FILE: await temporaryFile(randomBytes(32).toString('base64url')),
      SEED_FILE: await temporaryFile(JSON.stringify(seed)),
      REQUESTS_PER_MINUTE: '100000',
      OPENAI_BASE_URL: 'https://localhost:9/v1',
      ...(await databaseOf('web')),
      ...more,
    },
  };
  const running = {
    thread: await startService('thread', envs.thread),
    web: await startService('web', envs.web),
  };
  await Promise.all([running.thread.ready(), running.web.ready()]);
  return {
    voice,
    url,
    web: () => running.web,
    thread: () => running.thread,
    restart: async which => {
      running[which].signal('SIGKILL');
      await running[which].ended;
      running[which] = await startService(which, envs[which]);
    },
    close: async () => {
      await Promise.all([running.web.stop(), running.thread.stop()]);
      await voice.close();
    },
  };
}
