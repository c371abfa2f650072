import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isAlive, processesWithEnv, signalProcess } from '../../edges/process-identity.js';
import { localAdmin } from '../../local/admin.js';
import { readSupervisorState, recordedPlan, signalPart } from '../../local/index.js';
import { startTestPlatform, type TestPlatform, testConfig } from '../../local/testing/platform.js';
import { listenersOf } from '../../local/testing/sockets.js';
import { applyTenants, planTenants } from '../tenants/index.js';
import type { LocalStatus } from './status.js';

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform();
});
afterAll(() => platform.stop());

const pids = ({ processes }: LocalStatus) =>
  Object.fromEntries(processes.map(({ name, pid }) => [name, pid]));
const ownProcesses = () => processesWithEnv('PULSAR_PLATFORM_STATE', platform.folder.root);
const untilReady = () =>
  vi.waitFor(async () => expect((await platform.status()).ready).toBe(true), {
    timeout: 60_000,
    interval: 250,
  });

describe('the local platform', { timeout: 120_000 }, () => {
  it('is joined by a second `up`, and by two at once, without a restart', async () => {
    const before = pids(await platform.status());
    await platform.up();
    await Promise.all([platform.up(), platform.up()]);
    expect(pids(await platform.status())).toEqual(before);
  });

  it('tells another client all that it needs: each file is there', async () => {
    const status = await platform.status();
    const files = [
      status.trust,
      status.store.credentials,
      status.speech.apiKey,
      ...Object.values(status.identities).flatMap(it => [
        it.token,
        ...(it.certificate ? [it.certificate] : []),
      ]),
    ];
    expect(files.filter(file => !existsSync(file))).toEqual([]);
    expect(status.endpoints['broker/pulsar+ssl']?.url).toMatch(/^pulsar\+ssl:\/\/localhost:\d+$/);
  });

  it.runIf(process.platform === 'linux')('listens on loopback alone, by TLS but for the bookie', async () => {
    const plan = await recordedPlan(testConfig(), platform.folder);
    const { processes } = await platform.status();
    const listeners = processes.flatMap(({ pid }) => listenersOf(pid ?? 0));
    expect([...new Set(listeners.map(({ address }) => address))]).toEqual(['127.0.0.1']);
    const plain = plan.plainListeners.map(({ port }) => port);
    const tls = plan.endpoints
      .filter(({ workload }) => processes.some(({ name }) => name === workload))
      .map(({ port }) => port);
    expect(listeners.map(({ port }) => port).sort()).toEqual([...new Set([...plain, ...tls])].sort());
    for (const port of new Set(tls)) {
      expect(await plainAnswer(port)).not.toMatch(/HTTP\/1|CONNECTED/);
      expect(await handshake(port, 'TLSv1.1')).toMatch(/alert|protocol|ECONNRESET/i);
      expect(await handshake(port, 'TLSv1.3')).toBe('TLSv1.3');
    }
  });

  it('brings a killed broker back, and nothing of what it held is lost', async () => {
    const plan = await recordedPlan(testConfig(), platform.folder);
    const { store } = pids(await platform.status());
    const killed = await signalPart(platform.folder, 'broker', 'SIGKILL');
    await vi.waitFor(() => expect(isAlive(killed)).toBe(false));
    await untilReady();
    const status = await platform.status();
    expect(status.processes.find(({ name }) => name === 'broker')).toMatchObject({
      restarts: 1,
      lastEnd: { signal: 'SIGKILL' },
    });
    expect(pids(status)['store']).toBe(store);
    const admin = await localAdmin(plan, platform.folder);
    expect(await planTenants(admin, plan)).toEqual([]);
    await admin.close();
  });

  it('recovers when its supervisor was killed: one of each process runs, and no other', async () => {
    const supervisor = (await readSupervisorState(platform.folder))?.supervisor;
    if (supervisor) signalProcess(supervisor, 'SIGKILL');
    await vi.waitFor(() => expect(supervisor && isAlive(supervisor)).toBe(false));
    expect((await platform.status()).supervisor).toBeNull();
    await platform.up();
    expect((await platform.status()).ready).toBe(true);
    expect(ownProcesses()).toHaveLength(3);
  });

  it('serves new certificates after the config asked for others, and every client still gets in', async () => {
    await platform.up('tls: { algorithm: rsa-2048 }\n');
    const { endpoints } = await platform.status();
    for (const id of ['broker/https', 'broker/pulsar+ssl', 'store/https']) {
      expect(await keyTypeAt(endpoints[id]?.port ?? 0)).toBe('RSA');
    }
    expect((await platform.status()).ready).toBe(true);
  });

  it('keeps ports and data over a stop, and stops all that it started', async () => {
    const plan = await recordedPlan(testConfig(), platform.folder);
    const topic = { alias: 'mine', name: 'persistent://voice/chat/mine', partitions: 0 };
    const before = await localAdmin(plan, platform.folder);
    await applyTenants(before, { ...plan, topics: [...plan.topics, topic] });
    await before.close();
    const { endpoints } = await platform.status();
    await platform.down();
    expect(ownProcesses()).toEqual([]);
    await platform.down();
    await platform.up();
    expect((await platform.status()).endpoints).toEqual(endpoints);
    const after = await localAdmin(plan, platform.folder);
    expect(await after.get('persistent/voice/chat')).toContain(topic.name);
    await after.close();
  });

  it('is gone after a reset, with its data and keys', async () => {
    await platform.stop();
    expect(existsSync(platform.folder.root)).toBe(false);
    expect(ownProcesses()).toEqual([]);
  });
});

/** What a listener says to somebody who speaks HTTP without TLS. */
function plainAnswer(port: number): Promise<string> {
  return new Promise(resolve => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.0\r\n\r\n'));
    socket.on('data', data => {
      answer += data.toString('latin1');
    });
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

/** The protocol that was agreed on with one that speaks no other, or why there was none. */
async function handshake(port: number, version: 'TLSv1.1' | 'TLSv1.3'): Promise<string> {
  const trust = await readFile(path.join(platform.folder.certificate('operator'), 'ca.crt'), 'utf8');
  return new Promise(resolve => {
    const socket = connectTls(
      {
        port,
        host: 'localhost',
        ca: trust,
        minVersion: version,
        maxVersion: version,
        ciphers: 'ALL:@SECLEVEL=0',
      },
      () => {
        resolve(socket.getProtocol() ?? 'none');
        socket.destroy();
      },
    );
    socket.on('error', error => resolve(error.message));
  });
}

async function keyTypeAt(port: number): Promise<string> {
  const trust = await readFile(path.join(platform.folder.certificate('operator'), 'ca.crt'), 'utf8');
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: 'localhost', ca: trust }, () => {
      const { asymmetricKeyType } = socket.getPeerX509Certificate()?.publicKey ?? {};
      resolve((asymmetricKeyType ?? 'none').toUpperCase());
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
