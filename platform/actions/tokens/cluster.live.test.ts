import { createPublicKey } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../config/testing/configs.js';
import { silent } from '../../report.js';
import { tokenSecretsOf } from '../secrets/token-secrets.js';
import { exchangeClusterKey, issueClusterToken, listClusterTokens, rotateClusterKey } from './cluster.js';
import { type Judges, playJudges } from './testing/judges.js';
import { killedEverywhere, restartOf } from './testing/killed.js';
import { noTokenStand, standTitled, startTokenStand, type TokenStand } from './testing/token-stand.js';

const ROLE = `${MINIMAL}pulsar: { roles: [{ name: batch, from: cluster, produces: [voice/chat/audio] }] }\n`;
const RESTARTS = [
  ...['pulsar-broker-2', 'pulsar-broker-1', 'pulsar-broker-0'],
  ...['pulsar-proxy-1', 'pulsar-proxy-0'],
];

/** Where one key is good at a time. */
describe.skipIf(noTokenStand)(standTitled('tokens in a cluster'), () => {
  let stand: TokenStand;
  let judges: Judges;
  beforeAll(async () => {
    stand = await startTokenStand({ config: configOf(ROLE), pods: { broker: 3, proxy: 2, bookie: 1 } });
    judges = await playJudges({ ...stand, shownKey });
  }, 180_000);
  afterAll(async () => {
    await judges?.stop();
    await stand?.stop();
  });

  const options = () => ({ ...stand.options, reach: judges.reach, ignoreGates: true });
  const shownKey = () => stand.shown('pulsar', 'pulsar-token-asymmetric-key', 'PUBLICKEY');

  const publicKey = async () => createPublicKey({ key: await shownKey(), format: 'der', type: 'spki' });
  /** Roles whose Secret holds a token that brokers would take. */
  const accepted = async () => {
    const key = await publicKey();
    const places = stand.plan.secrets.filter(
      ({ id, target }) => id.startsWith('tokens/') && target !== undefined,
    );
    const results = await Promise.all(
      places.map(async ({ id, target }) => {
        const token = await stand.shown(target?.namespace ?? '', target?.name ?? '', target?.key ?? '');
        const subject = id.slice('tokens/'.length);
        return jwtVerify(token.toString(), key, { subject }).then(
          () => subject,
          () => undefined,
        );
      }),
    );
    return results.filter(role => role !== undefined).sort();
  };
  const roles = () => stand.plan.roles.map(({ name }) => name).sort();
  const presentKey = async () => (await listClusterTokens(stand.options)).keys[0]?.id ?? '';

  it('are Secrets of each role, which the key of the brokers verifies', async () => {
    expect(await accepted()).toEqual(roles());
    const { keys, tokens } = await listClusterTokens(stand.options);
    expect(keys).toMatchObject([{ signs: true, tokens: stand.plan.roles.length }]);
    expect(tokens.map(({ role }) => role).sort()).toEqual(roles());
  });

  it('are issued for a role of the plan, by the key of the store', async () => {
    const { token } = await issueClusterToken({ ...stand.options, role: 'batch', days: 1 });
    await expect(jwtVerify(token, await publicKey(), { subject: 'batch' })).resolves.toBeDefined();
    await expect(issueClusterToken({ ...stand.options, role: 'nobody', days: 1 })).rejects.toMatchObject({
      code: 'RoleUnknown',
    });
  });

  it('are not rotated where one key is good at a time, and it is said what makes it two', async () => {
    await expect(rotateClusterKey(stand.options)).rejects.toMatchObject({
      ...{ code: 'TokenOverlapMissing', refused: true },
      fix: expect.stringContaining('pulsar.tokenKeys: two'),
    });
  });

  it('of an unknown key are not revoked, and nothing is changed', async () => {
    const before = await presentKey();
    for (const key of ['nothing', '']) {
      await expect(exchangeClusterKey({ ...stand.options, key })).rejects.toMatchObject({
        code: 'KeyUnknown',
      });
    }
    expect(await presentKey()).toBe(before);
    expect(stand.births).toHaveLength(6);
  });

  it('are not exchanged while Pulsar is not well; then every one is new, and brokers are restarted before proxies', async () => {
    const old = await presentKey();
    const stolen = await issueClusterToken({ ...stand.options, role: 'operator', days: 1 });
    // Its health can not be asked, since no container runs: as when nobody answers.
    await expect(exchangeClusterKey({ ...stand.options, key: old })).rejects.toMatchObject({
      ...{ code: 'GateRed', refused: true },
    });
    expect(await presentKey()).toBe(old);
    expect(stand.births).toHaveLength(6);
    const { revoked, key, restarted } = await exchangeClusterKey({ ...options(), key: old });
    expect([revoked, await presentKey()]).toEqual([old, key]);
    expect(key).not.toBe(old);
    expect(restarted).toEqual(['broker', 'proxy']);
    expect(await accepted()).toEqual(roles());
    await expect(jwtVerify(stolen.token, await publicKey())).rejects.toThrow();
    const again = stand.births.slice(6);
    expect(again.map(({ pod }) => pod.replace(/-\d+$/, ''))).toEqual([
      ...['pulsar-broker', 'pulsar-broker', 'pulsar-broker'],
      ...['pulsar-proxy', 'pulsar-proxy'],
    ]);
    expect(again.every(({ pod, away }) => away.every(name => name === pod))).toBe(true);
  }, 120_000);

  it('are not exchanged where the API server does not answer, and it is said that nothing was changed', async () => {
    const kubeconfig = path.join(tmpdir(), `nowhere-${process.pid}`);
    const text = await readFile(stand.options.kubeconfig ?? '', 'utf8');
    await writeFile(kubeconfig, text.replace(/https:\/\/[\w.:]+/, 'https://127.0.0.1:9'), { mode: 0o600 });
    try {
      const key = await presentKey();
      await expect(exchangeClusterKey({ ...stand.options, kubeconfig, key })).rejects.toMatchObject({
        ...{ code: 'ApiServerUnreachable', refused: true },
      });
      expect(await presentKey()).toBe(key);
    } finally {
      await rm(kubeconfig);
    }
  });

  it('are exchanged for a pod, too, that came by itself after an exchange was killed and before the new key was shown', async () => {
    const { publicKey: known } = tokenSecretsOf(stand.plan);
    const exchange = { ...options(), key: await presentKey() };
    const onWrite = (name: string) => {
      if (name === known.storeName) throw new Error('killed');
    };
    await expect(exchangeClusterKey({ ...exchange, onWrite })).rejects.toThrow('killed');
    const before = stand.births.length;
    const metadata = { name: 'pulsar-broker-1', namespace: 'pulsar' };
    await stand.cluster.remove({ apiVersion: 'v1', kind: 'Pod', metadata });
    await expect.poll(() => stand.births.length, { timeout: 20_000 }).toBe(before + 1);
    await exchangeClusterKey(exchange);
    expect(stand.births.slice(before + 1).map(({ pod }) => pod)).toEqual(RESTARTS);
  }, 120_000);

  it('come to the same end when that is killed at each of its writes and between its restarts, and no pod is restarted twice', async () => {
    const before = stand.births.length;
    const old = await presentKey();
    const exchange = { ...options(), key: old };
    const { result, killed } = await killedEverywhere(killing =>
      exchangeClusterKey({ ...exchange, ...killing }),
    );
    expect(result.revoked).toBe(old);
    const { privateKey, publicKey: known, tokens } = tokenSecretsOf(stand.plan);
    const places = [privateKey, ...tokens.map(({ secret }) => secret), known].map(it => it.storeName);
    const wanted = [...places, ...RESTARTS.map(restartOf)];
    expect(killed.filter(step => wanted.includes(step))).toEqual(wanted);
    expect(await presentKey()).not.toBe(old);
    expect(await accepted()).toEqual(roles());
    const again = () => stand.births.slice(before).map(({ pod }) => pod);
    expect(again()).toEqual(RESTARTS);
    expect((await exchangeClusterKey(exchange)).revoked).toBe(old);
    expect(again()).toEqual(RESTARTS);
  }, 240_000);

  it.each(['at once', 'killed, and run again'])(
    'are not said to be revoked while a pod takes those of the old key: %s',
    async how => {
      const old = await presentKey();
      const letGo = judges.keep('pulsar-broker-1');
      const waits: string[] = [];
      const report = { ...silent, waiting: (_: string, text: string) => void waits.push(text) };
      if (how !== 'at once') {
        const onWrite = () => {
          if (waits.push('') > 1) throw new Error('killed');
        };
        await expect(exchangeClusterKey({ ...options(), key: old, onWrite })).rejects.toThrow('killed');
      }
      let ended = false;
      const exchange = exchangeClusterKey({ ...options(), report, key: old }).finally(() => {
        ended = true;
      });
      await expect
        .poll(() => ended || waits.some(it => it.includes('to take')), { timeout: 60_000 })
        .toBe(true);
      // A look more than one at each pod.
      await sleep(2000);
      expect(ended).toBe(false);
      letGo();
      expect((await exchange).revoked).toBe(old);
      expect(waits.some(it => it.includes(`to refuse tokens of ${old}`))).toBe(how === 'at once');
    },
    120_000,
  );
});
