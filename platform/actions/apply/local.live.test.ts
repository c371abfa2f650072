import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../../demo-services/messaging/index.js';
import { openStateFolder, type StateFolder, serviceFiles } from '../../local/index.js';
import { testConfig } from '../../local/testing/platform.js';
import { silent } from '../../report.js';
import { localReset } from '../local/down.js';
import { localStatus } from '../local/status.js';

const PROGRAM = path.resolve('platform/cli/bin.js');
const BEGIN = 'name: test\nregion: eu-central-1\ndomain: test.example.com\n';
const KILLS = 20;

let root: string;
let folder: StateFolder;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'apply-'));
  folder = await openStateFolder(path.join(root, '.platform', 'local'));
});
afterAll(async () => {
  await localReset({ folder, report: silent, signal: new AbortController().signal });
  await rm(root, { recursive: true });
});

it(`killed ${KILLS} times at random and run again, it ends where it would have ended`, async () => {
  await configure('');
  for (let kill = 0; kill < KILLS; kill += 1) await killedApply(Math.random() * 2_000);
  const { stdout } = await platform('apply', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ left: [] });
  expect((await platform('diff')).stdout).toBe('no differences');
}, 300_000);

/** One of each kind of change that a config can bring to the platform of one machine. */
const CHANGES = {
  'the environment of a service': 'services: { images: { concurrency: 3 } }',
  'a longer retention': 'pulsar: { retention: { time: 14d } }',
  'another algorithm of keys': 'tls: { algorithm: rsa-2048 }',
  'what it was before': '',
};

it('each kind of change is applied under traffic: nothing that was acknowledged is lost', async () => {
  const load = await startLoad();
  for (const [name, yaml] of Object.entries(CHANGES)) {
    await configure(yaml);
    const before = await platform('diff', '--json');
    expect(JSON.parse(before.stdout), name).not.toEqual([]);
    expect(before.exitCode, name).toBe(3);
    expect((await platform('apply')).exitCode, name).toBe(0);
    expect((await platform('diff')).stdout, name).toBe('no differences');
  }
  expect(await load.stop()).toBe(0);
}, 300_000);

it('a retention that becomes shorter is marked: messages that were kept may go', async () => {
  await configure('pulsar: { retention: { time: 1h } }');
  const { stdout } = await platform('diff', '--json');
  // The broker restarts too: it remembers producers as long as messages are kept.
  expect(JSON.parse(stdout)).toMatchObject([
    { layer: 'local', subject: 'process broker', action: 'change', marks: ['restarts'] },
    { layer: 'pulsar', action: 'change', marks: ['data at risk'] },
  ]);
});

async function configure(yaml: string): Promise<void> {
  await writeFile(path.join(root, 'platform.yaml'), BEGIN + yaml);
}

function platform(...args: string[]) {
  const [command = '', ...flags] = args;
  return execa(process.execPath, [PROGRAM, command, '--target', 'local', ...flags], {
    cwd: root,
    reject: false,
  });
}

async function killedApply(afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, 'apply', '--target', 'local'], {
    cwd: root,
    stdio: 'ignore',
  });
  const ended = new Promise(resolve => child.once('exit', resolve));
  await sleep(afterMs);
  child.kill('SIGKILL');
  await ended;
}

/** A hundred numbered messages a second; `stop` tells how many of those that were acknowledged never arrived. */
async function startLoad() {
  const status = await localStatus(testConfig(), folder);
  const files = serviceFiles(folder, 'operator');
  const client = await connect({
    transport: 'websocket',
    webSocketUrl: status.endpoints['broker/wss']?.url ?? '',
    credentials: {
      trustFile: files.trust,
      certificateFile: files.certificate,
      keyFile: files.key,
      tokenFile: files.token,
    },
  });
  const topic = 'persistent://voice/chat/signals';
  const received = new Set<string>();
  await client.consumer({
    topic,
    subscription: 'load',
    type: 'Shared',
    concurrency: 20,
    onMessage: async ({ data }) => {
      received.add(data.toString());
    },
  });
  const producer = await client.producer({ topic, sendTimeoutMs: 120_000 });
  const acknowledged: string[] = [];
  let sent = 0;
  const timer = setInterval(() => {
    const text = String(sent++);
    producer.send({ data: Buffer.from(text) }).then(
      () => acknowledged.push(text),
      () => undefined,
    );
  }, 10);
  return {
    stop: async () => {
      clearInterval(timer);
      await producer.flush();
      expect(acknowledged.length).toBeGreaterThan(500);
      const lost = () => acknowledged.filter(text => !received.has(text)).length;
      await expect.poll(lost, { timeout: 60_000 }).toBe(0);
      await client.close();
      return lost();
    },
  };
}
