import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubernetesAssets, withoutApiServer } from '../../../charts/testing/api-server.js';
import { silent } from '../../report.js';
import { withClusterAdmin } from '../cluster/admin.js';
import { type ClusterBroker, withClusterBroker } from '../cluster/broker.js';
import { ownPlan, PROXY_POD, type PulsarInCluster, startPulsarInCluster } from '../cluster/testing/pulsar.js';
import { applyTenants } from '../tenants/index.js';
import { listTopics, showTopic } from '../topics/index.js';
import { listDeadLetters, replayDeadLetters, showDeadLetter } from './index.js';

const plan = ownPlan('d');
const topic = (wanted: string) => plan.topics.find(({ alias }) => alias === wanted)?.name ?? '';

describe.skipIf(kubernetesAssets === undefined)(`a cluster, by a forwarded port${withoutApiServer}`, () => {
  let pulsar: PulsarInCluster;
  const withBroker = <T>(work: (ports: ClusterBroker) => Promise<T>) =>
    withClusterBroker(plan, pulsar.cluster, pulsar.reach, work);

  beforeAll(async () => {
    pulsar = await startPulsarInCluster(kubernetesAssets ?? '', plan);
    await pulsar.proxyPod(PROXY_POD, { ready: true });
    await withClusterAdmin(plan, pulsar.cluster, pulsar.reach, admin => applyTenants(admin, plan));
  }, 120_000);
  afterAll(() => pulsar?.stop());

  it('lists, shows and replays the dead letters of it, over its gateway', () =>
    withBroker(async ports => {
      const producer = await ports.client.producer({ topic: topic('audio-dead-letters') });
      await producer.send({
        data: Buffer.from('one'),
        properties: { REAL_TOPIC: topic('audio'), DEAD_LETTER_CODE: 'AudioTooLong', mine: 'kept' },
      });
      await producer.close();
      const letters = await listDeadLetters(ports);
      expect(letters).toMatchObject([{ code: 'AudioTooLong', in: 'audio-dead-letters' }]);
      expect(await showDeadLetter(letters[0]?.id ?? '', ports)).toMatchObject({ data: 'one' });
      const { signal } = new AbortController();
      expect(await replayDeadLetters(ports, { report: silent, signal })).toMatchObject({
        replayed: [{ topic: topic('audio') }],
        failed: [],
        unreached: [],
      });
      expect(await listDeadLetters(ports)).toEqual([]);
      const reader = await ports.client.reader({ topic: topic('audio') });
      for await (const { data, properties } of reader) {
        expect([data.toString(), properties]).toEqual(['one', { mine: 'kept' }]);
        break;
      }
      await reader.close();
    }));

  it('lists its topics, and shows one', () =>
    withClusterAdmin(plan, pulsar.cluster, pulsar.reach, async admin => {
      const rows = await listTopics(admin, plan);
      expect(rows.map(({ alias, there }) => [alias, there])).toEqual(
        plan.topics.map(({ alias }) => [alias, true]),
      );
      expect(await showTopic(admin, plan, 'audio-dead-letters')).toMatchObject({
        subscriptions: [{ name: 'replay', backlog: 0 }],
      });
    }));

  it('without a gateway says so', async () => {
    const without = { ...plan, endpoints: plan.endpoints.filter(({ protocol }) => protocol !== 'wss') };
    await expect(
      withClusterBroker(without, pulsar.cluster, pulsar.reach, listDeadLetters),
    ).rejects.toMatchObject({ code: 'GatewayMissing', refused: true });
  });
});
