import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pulsarSession } from '../../../certs/index.js';
import { connect } from '../../../demo-services/messaging/index.js';
import { httpsProbe } from '../../edges/https-probe.js';
import { webSocketProbe } from '../../edges/websocket-probe.js';
import { clientTls, recordedPlan } from '../../local/index.js';
import { presentAuthority } from '../../local/pki/facts.js';
import { startTestPlatform, type TestPlatform, testConfig } from '../../local/testing/platform.js';
import { ensureKeyRing, newTokenKey, writeKeyRing } from '../../local/tokens.js';
import { silent } from '../../report.js';
import { auditLocal } from '../certs/audit.js';
import { rotateLocalAuthority } from '../certs/rotation.js';
import { localFacts } from '../status/local.js';
import { statusOf } from '../status/status.js';
import { untilAccepted } from './broker.js';
import { issueRoleToken, listTokens, revokeKey, rotateTokens, type TokensOptions, tokenOf } from './index.js';

/** The broker looks at its files every 2 seconds. */
const SETTLE_SECONDS = 4;

let platform: TestPlatform;
let options: TokensOptions;
beforeAll(async () => {
  platform = await startTestPlatform({ only: ['broker', 'keys'] });
  options = {
    config: testConfig(),
    folder: platform.folder,
    report: silent,
    signal: new AbortController().signal,
  };
});
afterAll(() => platform?.stop());

/** Whether the broker takes a token at each of its three doors. */
async function taken(token: string): Promise<Record<'admin' | 'binary' | 'webSocket', boolean>> {
  const { endpoints } = await platform.status();
  const tls = await clientTls(platform.folder);
  const { ca: trust, cert: certificate = '', key = '' } = tls;
  const url = (id: string) => endpoints[id]?.url ?? '';
  const probe = { token, timeoutMs: 10_000 };
  const [admin, webSocket, reason] = await Promise.all([
    httpsProbe(`${url('broker/https')}/admin/v2/clusters`, tls, probe),
    webSocketProbe(`${url('broker/wss')}/ws/v2/producer/persistent/voice/chat/signals`, tls, probe),
    pulsarSession(
      {
        host: '127.0.0.1',
        port: endpoints['broker/pulsar+ssl']?.port ?? 0,
        name: 'localhost',
        begins: 'direct',
      },
      { trust, certificate, key },
      token,
    ),
  ]);
  return { admin: admin.status === 200, binary: reason === undefined, webSocket: webSocket.status === 101 };
}

const EVERYWHERE = { admin: true, binary: true, webSocket: true };
const NOWHERE = { admin: false, binary: false, webSocket: false };

describe('tokens on a real broker', () => {
  it('of two keys are good at once, while a producer goes on', async () => {
    const before = await tokenOf(platform.folder, 'operator');
    const producer = await startProducer();
    const { from, to } = await rotateTokens(options);
    const after = await tokenOf(platform.folder, 'operator');
    expect(after).not.toBe(before);
    expect(await taken(before)).toEqual(EVERYWHERE);
    expect(await taken(after)).toEqual(EVERYWHERE);
    expect(await producer.stop()).toEqual({ failed: 0 });
    const { keys, tokens } = await listTokens(options);
    expect(keys).toMatchObject([
      { id: from, signs: false, tokens: 0 },
      { id: to, signs: true },
    ]);
    expect(tokens.every(({ key }) => key === to)).toBe(true);
  });

  it('of a revoked key are refused everywhere, and those of the other are not', async () => {
    const { keys } = await listTokens(options);
    const [old, present] = keys.map(({ id }) => id);
    await expect(revokeKey({ ...options, key: present ?? '' })).rejects.toMatchObject({ code: 'KeyInUse' });
    const stolen = await rotatedAway();
    await revokeKey({ ...options, key: present ?? '' });
    expect(await taken(stolen)).toEqual(NOWHERE);
    expect(await taken(await tokenOf(platform.folder, 'operator'))).toEqual(EVERYWHERE);
    // The key that the broker was started with can be revoked too.
    await revokeKey({ ...options, key: old ?? '' });
    expect((await listTokens(options)).keys).toHaveLength(1);
    expect(await taken(await tokenOf(platform.folder, 'operator'))).toEqual(EVERYWHERE);
  }, 180_000);

  it('of a key whose revocation was killed are named as such, and the same command goes on', async () => {
    const stolen = await rotatedAway();
    const { keys } = await listTokens(options);
    const [old] = keys.map(({ id }) => id);
    const dying = () => {
      throw new Error('killed');
    };
    // After the ring was written, before the broker was told.
    const revoking = revokeKey({ ...options, key: old ?? '', report: { ...silent, action: dying } });
    await expect(revoking).rejects.toThrow('killed');
    expect((await listTokens(options)).keys).toMatchObject([{ id: old, revoking: true }, { signs: true }]);
    const facts = await localFacts(options.config, platform.folder);
    expect(statusOf(facts, new Date()).findings).toContainEqual(
      expect.objectContaining({ code: 'RevocationUnfinished', fix: `platform tokens revoke ${old}` }),
    );
    await revokeKey({ ...options, key: old ?? '' });
    expect(await taken(stolen)).toEqual(NOWHERE);
    expect((await listTokens(options)).keys).toHaveLength(1);
  }, 180_000);

  it('of another key are good after the roots were exchanged, and nobody restarts the broker by hand', async () => {
    expect((await listTokens(options)).keys).toHaveLength(1);
    const before = await startOfBroker();
    await exchangeRoots();
    // Without another key it asks nobody, and is left alone.
    expect(await startOfBroker()).toBe(before);
    const old = await tokenOf(platform.folder, 'operator');
    await rotateTokens(options);
    expect(await taken(old)).toEqual(EVERYWHERE);
    expect(await taken(await tokenOf(platform.folder, 'operator'))).toEqual(EVERYWHERE);
    expect(await trustingKeys()).toContain('broker');
  }, 180_000);

  it('of keys to come are good after roots were exchanged while another key was in use, killed before the restart', async () => {
    const rootNow = async () => (await presentAuthority(platform.folder)).material.root;
    const before = await rootNow();
    const action = (subject: string) => {
      if (subject === 'broker') throw new Error('killed');
    };
    await expect(exchangeRoots({ ...silent, action })).rejects.toThrow('killed');
    const after = await rootNow();
    expect(after).not.toBe(before);
    // It goes on there, and does not begin another one.
    await exchangeRoots();
    expect(await rootNow()).toBe(after);
    await expectNextKeyTaken();
  }, 180_000);

  it('of keys to come are good after a config that asks for another authority', async () => {
    await platform.up('tls: { algorithm: rsa-2048 }\n');
    await expectNextKeyTaken();
    expect(await trustingKeys()).toContain('broker');
  }, 180_000);

  it('are taken at every door as soon as a rotation says so, three times over', async () => {
    for (let round = 0; round < 3; round += 1) {
      await rotateTokens(options);
      expect(await taken(await tokenOf(platform.folder, 'operator'))).toEqual(EVERYWHERE);
    }
  });

  it('are issued for roles of the plan, into a file of nobody else', async () => {
    const out = path.join(platform.folder.root, 'config', 'mine.jwt');
    await issueRoleToken({ ...options, role: 'web', days: 1, out });
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    expect(await taken((await readFile(out, 'utf8')).trim())).toEqual(EVERYWHERE);
    const again = { ...options, role: 'web', days: 1, out };
    await expect(issueRoleToken(again)).rejects.toMatchObject({ code: 'FileExists', refused: true });
    await issueRoleToken({ ...again, force: true });
    await expect(issueRoleToken({ ...options, role: 'nobody', days: 1 })).rejects.toMatchObject({
      code: 'RoleUnknown',
      refused: true,
    });
  });
});

async function exchangeRoots(report = silent): Promise<void> {
  const rotation = { ...options, report, settleSeconds: SETTLE_SECONDS };
  expect(await rotateLocalAuthority(rotation)).toBe('rotated');
}

async function startOfBroker(): Promise<string | null | undefined> {
  const { processes } = await platform.status();
  return processes.find(({ name }) => name === 'broker')?.startedAt;
}

/** Publishes a further key, as a rotation does, and nothing else of one: the broker must hear of it as it is. */
async function expectNextKeyTaken(): Promise<void> {
  const { folder } = platform;
  const [ring, next] = [await ensureKeyRing(folder), await newTokenKey()];
  expect(ring.keys.some(({ id }) => id !== ring.base.id)).toBe(true);
  const plan = await recordedPlan(options.config, folder);
  await writeKeyRing(folder, { ...ring, keys: [...ring.keys, next] });
  try {
    await untilAccepted(next, true, { ...options, plan });
  } finally {
    await writeKeyRing(folder, ring);
  }
}

/** Who trusts the key server and is let in, as the audit says, which goes by files. */
async function trustingKeys(): Promise<readonly string[] | undefined> {
  const rows = await auditLocal(options);
  expect(rows.flatMap(({ findings }) => findings)).toEqual([]);
  return rows.find(({ endpoint }) => endpoint === 'keys/https')?.trustedBy;
}

/** The token of a key that signs no more. */
async function rotatedAway(): Promise<string> {
  const token = await tokenOf(platform.folder, 'operator');
  await rotateTokens(options);
  return token;
}

async function startProducer() {
  const { endpoints, identities, trust } = await platform.status();
  const operator = identities['operator'];
  const client = await connect({
    transport: 'websocket',
    webSocketUrl: endpoints['broker/wss']?.url ?? '',
    credentials: {
      trustFile: trust,
      certificateFile: operator?.certificate ?? '',
      keyFile: operator?.key ?? '',
      tokenFile: operator?.token ?? '',
    },
  });
  const producer = await client.producer({ topic: 'persistent://voice/chat/signals' });
  const sent: Promise<unknown>[] = [];
  const timer = setInterval(() => sent.push(producer.send({ data: Buffer.from('x') })), 20);
  return {
    stop: async () => {
      clearInterval(timer);
      const results = await Promise.allSettled(sent);
      await client.close();
      return { failed: results.filter(({ status }) => status === 'rejected').length };
    },
  };
}
