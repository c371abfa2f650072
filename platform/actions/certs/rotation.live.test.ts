import { type ChildProcess, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificatesIn, dial, type Identity, inspectMaterial, readMaterial } from '../../../certs/index.js';
import { type Client, connect } from '../../../demo-services/messaging/index.js';
import { localAdmin } from '../../local/admin.js';
import { serviceFiles } from '../../local/index.js';
import { presentAuthority, runningEndpoints, targetOf } from '../../local/pki/facts.js';
import { readWorkload } from '../../local/pki/workload-folder.js';
import { recordedPlan } from '../../local/record.js';
import { type ClientFiles, freshNamespace } from '../../local/testing/namespace.js';
import { startTestPlatform, type TestPlatform, testConfig } from '../../local/testing/platform.js';
import { silent } from '../../report.js';
import { auditLocal } from './audit.js';
import {
  abortLocalRotation,
  planLocalRotation,
  rotateLocalAuthority,
  rotateLocalLeaves,
} from './rotation.js';

const RATE_PER_SECOND = 200;
/** The broker looks at its files every 2 seconds. */
const SETTLE_SECONDS = 4;
const PROGRAM = path.resolve('platform/cli/bin.js');

let platform: TestPlatform;
let options: Parameters<typeof rotateLocalAuthority>[0];
beforeAll(async () => {
  platform = await startTestPlatform({ only: ['broker', 'store', 'speech', 'images'] });
  const { folder } = platform;
  const signal = new AbortController().signal;
  options = { config: testConfig(), folder, report: silent, signal, settleSeconds: SETTLE_SECONDS };
});
afterAll(() => platform?.stop());

describe('while 200 messages a second go through the broker', () => {
  it('leaves are renewed: nothing lost, nothing twice, no handshake refused', async () => {
    const load = await startLoad();
    const prober = startProber();
    const before = await serials();
    const rotated = await rotateLocalLeaves(options);
    const after = await serials();
    expect(rotated).toEqual(expect.arrayContaining(['broker', 'store', 'speech', 'images', 'operator']));
    expect(after.filter(serial => before.includes(serial))).toEqual([]);
    expect(await prober.stop()).toEqual([]);
    expect(await load.stop()).toEqual({ lost: 0, twice: 0 });
  });

  it('the authority is replaced, killed at each of its steps, and ends where it would have ended', async () => {
    const old = await presentAuthority(platform.folder);
    const load = await startLoad();
    const prober = startProber();
    const stranger = await startOldOnly();
    const killedAt = await rotateKilledAtEachStep();
    expect(killedAt.length).toBeGreaterThanOrEqual(7);
    expect(await prober.stop()).toEqual([]);
    expect(await load.stop()).toEqual({ lost: 0, twice: 0 });

    const present = await presentAuthority(platform.folder);
    expect(present.trust).toBe(present.material.root);
    expect(present.material.root).not.toBe(old.material.root);
    // Who trusts only the old root was let in until it was retired, and is not any more.
    const { refusedBefore, refusedAfter } = await stranger.stop();
    expect(refusedBefore).toEqual([]);
    expect(refusedAfter).toBe(true);
    const rows = await auditLocal({ ...options, report: silent });
    expect(rows.flatMap(({ findings }) => findings)).toEqual([]);
    // The broker is a client of itself here, and must trust the new root too.
    const admin = await localAdmin(await recordedPlan(options.config, platform.folder), platform.folder);
    const { name } = await freshNamespace(await platform.status(), []);
    await admin.send('DELETE', `namespaces/${name}`);
    expect(await admin.get(`namespaces/${name.split('/')[0]}`)).toEqual([]);
    await admin.close();
  }, 180_000);
});

it('a rotation is taken back before the switch, and everything is as it was', async () => {
  const before = await presentAuthority(platform.folder);
  const killed = rotateLocalAuthority({
    ...options,
    onStep: step => {
      if (step.do === 'confirm') throw new Error('killed');
    },
  });
  await expect(killed).rejects.toThrow('killed');
  const trust = async () => (await readWorkload(platform.folder, 'broker'))?.trust ?? '';
  expect(certificatesIn(await trust())).toHaveLength(2);
  expect((await planLocalRotation(options)).map(({ step }) => step)).toContain('switchIssuer');
  expect(await abortLocalRotation(options)).toBe('aborted');
  expect(await presentAuthority(platform.folder)).toEqual(before);
  expect(await trust()).toBe(before.trust);
  await expect(abortLocalRotation(options)).rejects.toMatchObject({
    code: 'RotationNotBegun',
    refused: true,
  });
});

it('a workload that has no certificate is refused by name', async () => {
  const rotation = rotateLocalLeaves({ ...options, workloads: ['brokr'] });
  await expect(rotation).rejects.toMatchObject({ code: 'WorkloadUnknown', refused: true });
});

/** What has the serial numbers that are issued now. */
async function serials(): Promise<string[]> {
  const plan = await recordedPlan(options.config, platform.folder);
  const files = await Promise.all(
    plan.certificates.map(({ workload }) => readWorkload(platform.folder, workload)),
  );
  return files.map(file => certificatesIn(file?.certificate ?? '')[0]?.x509.serialNumber ?? '');
}

/** Numbered messages at a steady rate, and who receives them, both as the operator, whose certificate rotates too. */
async function startLoad() {
  const status = await platform.status();
  const { topic } = await freshNamespace(status, ['load']);
  const files = serviceFiles(platform.folder, 'operator');
  const client: Client = await connect({
    transport: 'websocket',
    webSocketUrl: status.endpoints['broker/wss']?.url ?? '',
    credentials: {
      trustFile: files.trust,
      certificateFile: files.certificate,
      keyFile: files.key,
      tokenFile: files.token,
    },
  });
  const received: string[] = [];
  await client.consumer({
    topic: topic('load'),
    subscription: 'load',
    type: 'Shared',
    concurrency: 50,
    onMessage: async ({ data }) => {
      received.push(data.toString());
    },
  });
  const producer = await client.producer({ topic: topic('load') });
  const sent: Promise<unknown>[] = [];
  const timer = setInterval(() => {
    for (let burst = 0; burst < RATE_PER_SECOND / 20; burst += 1) {
      sent.push(producer.send({ data: Buffer.from(String(sent.length)) }));
    }
  }, 50);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(sent);
      await expect.poll(() => new Set(received).size, { timeout: 20_000 }).toBe(sent.length);
      await client.close();
      return { lost: sent.length - new Set(received).size, twice: received.length - new Set(received).size };
    },
  };
}

/** Dials every endpoint as each of its diallers, with the files of the moment, again and again. */
function startProber() {
  const refused: string[] = [];
  const stopping = new AbortController();
  const run = async () => {
    const plan = await recordedPlan(options.config, platform.folder);
    while (!stopping.signal.aborted) {
      const endpoints = await runningEndpoints(plan, platform.folder);
      await Promise.all(
        endpoints.flatMap(endpoint =>
          plan.dials
            .filter(({ to }) => to === endpoint.id)
            .map(async ({ from }) => {
              const files = await readWorkload(platform.folder, from);
              if (files === undefined) return;
              const outcome = await dial(targetOf(endpoint), files);
              // A store that is just starting anew refuses the connection, not the handshake.
              if (outcome.kind === 'refused' && outcome.reason !== 'ECONNRESET') {
                refused.push(`${from} → ${endpoint.id}: ${outcome.by} ${outcome.reason}`);
              }
            }),
        ),
      );
      await sleep(100);
    }
  };
  const ended = run();
  return {
    stop: async () => {
      stopping.abort();
      await ended;
      return refused;
    },
  };
}

/** What the command has said so far, over all its runs. */
const said: string[] = [];

/** A client of before the rotation: its certificate and its trust are of the old root alone, and stay so. */
async function startOldOnly() {
  const { client } = await freshNamespace(await platform.status(), ['old']);
  const identity = await identityOf(client);
  const plan = await recordedPlan(options.config, platform.folder);
  const broker = plan.endpoints.find(({ id }) => id === 'broker/pulsar+ssl');
  if (broker === undefined) throw new Error('no broker in the plan');
  const refusedBefore: string[] = [];
  const isLetIn = async () => (await dial(targetOf(broker), identity)).kind === 'accepted';
  const timer = setInterval(async () => {
    const letIn = await isLetIn();
    if (!letIn && !said.some(line => line.includes('the old root is retired')))
      refusedBefore.push(said.at(-1) ?? '');
  }, 200);
  return {
    stop: async () => {
      clearInterval(timer);
      await expect.poll(isLetIn, { timeout: 10_000 }).toBe(false);
      return { refusedBefore, refusedAfter: !(await isLetIn()) };
    },
  };
}

async function identityOf({ trust, certificate, key }: ClientFiles): Promise<Identity> {
  const read = (file: string) => readFile(file, 'utf8');
  return { trust: await read(trust), certificate: await read(certificate), key: await read(key) };
}

/** Runs the command until it ends by itself; SIGKILL ends it as soon as it begins a kind of step for the first time. */
async function rotateKilledAtEachStep(): Promise<string[]> {
  const config = path.join(platform.folder.root, 'test.yaml');
  await writeFile(config, 'name: test\nregion: eu-central-1\ndomain: test.example.com\n');
  const killedAt: string[] = [];
  for (let runs = 0; runs < 40; runs += 1) {
    const flags = ['--config', config, '--state', platform.folder.root, '--settle', `${SETTLE_SECONDS}s`];
    const child = spawn(process.execPath, [PROGRAM, 'certs', 'rotate-ca', ...flags], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (await endOf(child, killedAt)) return killedAt;
  }
  throw new Error(`it does not end: killed at ${killedAt.join('; ')}`);
}

/** @returns whether it ended well, by itself */
async function endOf(child: ChildProcess, killedAt: string[]): Promise<boolean> {
  const lines = createInterface({ input: child.stderr ?? process.stdin });
  lines.on('line', line => {
    if (!/^[►✚◎] rotation/.test(line)) return;
    said.push(line);
    // Of what is said of each workload, once is enough.
    const step = line.replace(/(certificates for|retired from|trusted by|until) .*/, '$1');
    if (killedAt.includes(step)) return;
    killedAt.push(step);
    child.kill('SIGKILL');
  });
  const [code] = await new Promise<[number | null]>(resolve => child.once('exit', exit => resolve([exit])));
  return code === 0;
}

it('the chains of a rotation are without fault', async () => {
  const files = await readWorkload(platform.folder, 'broker');
  const { findings } = inspectMaterial(readMaterial(Buffer.from(files?.certificate ?? ''), 'broker'), {
    at: new Date(),
    roots: readMaterial(Buffer.from(files?.trust ?? ''), 'trust').certificates,
    names: ['localhost'],
  });
  expect(findings).toEqual([]);
});
