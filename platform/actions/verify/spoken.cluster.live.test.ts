import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubernetesAssets, withoutApiServer } from '../../../charts/testing/api-server.js';
import { urlOf } from '../../local/index.js';
import { startTestPlatform, type TestPlatform, testConfig } from '../../local/testing/platform.js';
import { makePlan } from '../../plan/index.js';
import { silent } from '../../report.js';
import { PROXY_POD, type PulsarInCluster, startPulsarInCluster } from '../cluster/testing/pulsar.js';
import { verifyCluster } from './cluster.js';
import { localSubject } from './local.js';
import type { StoreAccess } from './subject.js';

/** A real API server, and behind what stands for its proxy real broker, store, speech and transcriber. */
describe.skipIf(kubernetesAssets === undefined)(
  `a spoken message through a cluster${withoutApiServer}`,
  () => {
    const config = testConfig();
    let platform: TestPlatform;
    let pulsar: PulsarInCluster;
    let store: StoreAccess;
    const signal = new AbortController().signal;
    const speech = async (more: Partial<StoreAccess> = {}) =>
      verifyCluster(config, {
        ...{
          kubeconfig: pulsar.kubeconfig,
          context: 'try',
          reach: pulsar.reach,
          store: { ...store, ...more },
        },
        ...{ only: ['speech'], report: silent, signal, timeoutMs: 10_000 },
      });

    beforeAll(async () => {
      platform = await startTestPlatform({ only: ['broker', 'store', 'speech', 'transcriber'] });
      const local = await localSubject(config, platform.folder, { env: process.env, signal });
      await local.admin.close();
      if (local.store === undefined) throw new Error('a local platform has a store');
      // A local store is no place that many share: its buckets have short names.
      store = { ...local.store, audio: 'audio' };
      const plan = makePlan(config, { target: 'cluster' });
      const real = { broker: urlOf(local.plan, 'broker/https'), state: platform.folder.root };
      pulsar = await startPulsarInCluster(kubernetesAssets ?? '', plan, real);
      await pulsar.proxyPod(PROXY_POD, { ready: true });
    }, 240_000);
    afterAll(async () => {
      await pulsar?.stop();
      await platform?.stop();
    });

    it('is written, announced by the gateway as web does, and comes back as its words', async () => {
      const { checks, failed } = await speech();
      expect(checks).toMatchObject([
        {
          from: 'web',
          endpoint: 'proxy/wss',
          result: 'passed',
          saw: expect.stringContaining('good morning everyone'),
        },
      ]);
      expect(failed).toBe(0);
    }, 120_000);

    it.each([
      ['who has no credentials', { credentialsFile: '/nonexistent' }, /into audio .*refuses the credentials/],
      ['whose bucket is not there', { audio: 'elsewhere' }, /into elsewhere .*there is no such bucket/],
      ['whom nothing answers', { endpoint: 'https://127.0.0.1:1' }, /does not answer.*ECONNREFUSED/],
    ])(
      'is not tried by somebody %s, and it is said why',
      async (_, more, why) => {
        const { checks } = await speech(more);
        expect(checks).toMatchObject([{ result: 'skipped', saw: expect.stringMatching(why) }]);
      },
      60_000,
    );

    it('leaves a proxy alone when the issuer alone is asked for', async () => {
      const reach = () => Promise.reject(new Error('no port is forwarded'));
      const asked = { kubeconfig: pulsar.kubeconfig, context: 'try', reach, timeoutMs: 500 };
      const { checks } = await verifyCluster(config, { ...asked, only: ['issuer'], report: silent, signal });
      expect(checks).toMatchObject([{ group: 'issuer', result: 'failed' }]);
    }, 60_000);
  },
);
