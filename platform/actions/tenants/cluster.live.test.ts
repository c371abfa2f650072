import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newLocalAuthority } from '../../../certs/index.js';
import { kubernetesAssets, withoutApiServer } from '../../../charts/testing/api-server.js';
import { ownPlan, PROXY_POD, type PulsarInCluster, startPulsarInCluster } from '../cluster/testing/pulsar.js';
import { clusterTenants } from './cluster.js';

const plan = ownPlan('t');

describe.skipIf(kubernetesAssets === undefined)(`tenants of a cluster${withoutApiServer}`, () => {
  let pulsar: PulsarInCluster;
  const tenants = (verb: 'plan' | 'apply') => clusterTenants(verb, plan, pulsar.cluster, pulsar.reach);

  beforeAll(async () => {
    pulsar = await startPulsarInCluster(kubernetesAssets ?? '', plan);
  }, 120_000);
  afterAll(() => pulsar?.stop());

  it('wait for a proxy that is ready', async () => {
    await pulsar.proxyPod('pulsar-proxy-0', { ready: false });
    await expect(tenants('plan')).rejects.toMatchObject({ code: 'AdminUnreachable' });
  });

  it('are made as planned by the real broker, asked through a proxy by the certificate, roots and token of the cluster', async () => {
    await pulsar.proxyPod(PROXY_POD, { ready: true });
    const planned = await tenants('plan');
    expect(planned[0]).toEqual({ kind: 'createTenant', tenant: plan.tenants[0] });
    expect(await tenants('apply')).toEqual(planned);
    expect(await tenants('plan')).toEqual([]);
  }, 60_000);

  it('are not asked of a proxy that is somebody else', async () => {
    const other = await newLocalAuthority({ commonName: 'other', algorithm: 'ecdsa-p256' });
    await pulsar.trust(other.root);
    await expect(tenants('plan')).rejects.toMatchObject({ code: 'AdminUnreachable' });
  }, 60_000);
});
