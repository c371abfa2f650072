import { createPublicKey } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type ApiServer,
  kubernetesAssets,
  startApiServer,
  withoutApiServer,
} from '../../../charts/testing/api-server.js';
import { configOf, MINIMAL } from '../../config/testing/configs.js';
import { type Kubernetes, kubernetes } from '../../edges/kubernetes.js';
import { makePlan, NAMESPACES } from '../../plan/index.js';
import { silent } from '../../report.js';
import { playControllers, type Stand } from '../cluster/testing/controllers.js';
import { makeSecrets } from '../secrets/index.js';
import { sopsSecrets, sopsStore } from '../secrets/sops.js';
import { type AgeKey, useNewAgeKey, withoutSops } from '../secrets/testing/sops.js';
import { exchangeClusterKey, issueClusterToken, listClusterTokens, rotateClusterKey } from './cluster.js';
import { type Judges, playJudges } from './testing/judges.js';
import { setOf } from './testing/sets.js';

/** Real sops and API server; stand-ins: the controllers of StatefulSets with their kubelets. */
describe.skipIf(kubernetesAssets === undefined || withoutSops !== '')(
  `tokens of a cluster whose secrets are SOPS files${withoutSops || withoutApiServer}`,
  () => {
    const root = mkdtempSync(path.join(tmpdir(), 'platform-tokens-sops-'));
    const file = path.join(root, 'platform.yaml');
    const signal = new AbortController().signal;
    let server: ApiServer;
    let cluster: Kubernetes;
    let controllers: Stand;
    let judges: Judges;
    let age: AgeKey;
    let yaml: string;

    beforeAll(async () => {
      age = await useNewAgeKey(root);
      yaml = `${MINIMAL}secrets: { kind: sops, age: ${age.recipient} }\n`;
      const plan = makePlan(configOf(yaml), { target: 'cluster' });
      server = await startApiServer(kubernetesAssets ?? '');
      cluster = kubernetes(server);
      const namespaces = plan.secrets.flatMap(({ target }) => target?.namespace ?? []);
      for (const namespace of new Set([...namespaces, NAMESPACES.clients])) {
        await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
      }
      const store = sopsStore(plan, root);
      await makeSecrets(plan, store, silent);
      for (const secret of await sopsSecrets(plan, store)) await cluster.apply(secret, { force: true });
      controllers = playControllers(server.kubeconfig, 'pulsar');
      for (const [component, replicas] of [
        ['broker', 2],
        ['proxy', 1],
        ['bookie', 1],
      ] as const)
        await cluster.apply(setOf(component, replicas));
      await vi.waitFor(() => expect(controllers.births).toHaveLength(4), { timeout: 60_000, interval: 200 });
      judges = await playJudges({ plan, cluster, births: controllers.births, shownKey });
    }, 240_000);
    afterAll(async () => {
      age?.forget();
      await judges?.stop();
      await controllers?.stop();
      await server?.stop();
      await rm(root, { recursive: true, force: true });
    });

    const place = () => ({ config: configOf(yaml), file });
    const options = () => ({
      ...place(),
      reach: judges.reach,
      ...{ kubeconfig: server.kubeconfig, context: 'try', report: silent, signal, ignoreGates: true },
    });
    const shown = async (namespace: string, name: string, key: string) => {
      const secret = await cluster.read({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name } });
      const data = secret?.['data'] as Readonly<Record<string, string>> | undefined;
      return Buffer.from(data?.[key] ?? '', 'base64');
    };
    const shownKey = () => shown('pulsar', 'pulsar-token-asymmetric-key', 'PUBLICKEY');
    const accepts = async (token: string, subject: string) => {
      const key = createPublicKey({ key: await shownKey(), format: 'der', type: 'spki' });
      return jwtVerify(token, key, { subject }).then(
        () => true,
        () => false,
      );
    };
    const tokenOfWeb = async () => (await shown('services', 'web-token', 'token')).toString();

    it('are listed and issued from the files', async () => {
      const { keys, tokens } = await listClusterTokens(place());
      expect(keys).toMatchObject([{ signs: true, tokens: tokens.length }]);
      const { token } = await issueClusterToken({ ...place(), role: 'web', days: 1 });
      expect(await accepts(token, 'web')).toBe(true);
    }, 120_000);

    it('are exchanged with their key: in the files, in the cluster, and then brokers before proxies', async () => {
      const before = await tokenOfWeb();
      const [old] = (await listClusterTokens(place())).keys;
      const { revoked, key, restarted } = await exchangeClusterKey({ ...options(), key: old?.id ?? '' });
      expect([revoked, restarted]).toEqual([old?.id, ['broker', 'proxy']]);
      expect((await listClusterTokens(place())).keys).toMatchObject([{ id: key, signs: true }]);
      expect(await accepts(before, 'web')).toBe(false);
      expect(await accepts(await tokenOfWeb(), 'web')).toBe(true);
      expect(controllers.births.slice(4).map(({ pod }) => pod.replace(/-\d+$/, ''))).toEqual([
        ...['pulsar-broker', 'pulsar-broker', 'pulsar-proxy'],
      ]);
    }, 240_000);

    it('are not exchanged where Git would put the old ones back; nothing is written', async () => {
      const [old] = (await listClusterTokens(place())).keys;
      const config = configOf(
        `${yaml}gitops: { kind: flux, repository: "https://git.example.com/voice.git" }\n`,
      );
      await expect(exchangeClusterKey({ ...options(), config, key: old?.id ?? '' })).rejects.toMatchObject({
        ...{ code: 'GitopsTakesBack', refused: true },
      });
      const two = { ...config, pulsar: { ...config.pulsar, tokenKeys: 'two' as const } };
      await expect(rotateClusterKey({ ...options(), config: two })).rejects.toMatchObject({
        ...{ code: 'GitopsTakesBack', refused: true },
      });
      expect((await listClusterTokens(place())).keys).toMatchObject([{ id: old?.id }]);
    }, 120_000);
  },
);
