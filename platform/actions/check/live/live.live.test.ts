import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubernetesAssets, withoutApiServer } from '../../../../charts/testing/api-server.js';
import {
  ownPlan,
  PROXY_POD,
  type PulsarInCluster,
  startPulsarInCluster,
} from '../../cluster/testing/pulsar.js';
import { clusterTenants } from '../../tenants/cluster.js';
import { kubernetesArtifactsOf } from '../kubernetes.js';
import { askEverything } from './index.js';
import type { LiveResult } from './questions.js';

const plan = ownPlan('live');
const { objects: written } = kubernetesArtifactsOf(plan, { document: { hasIn: () => false } } as never);

/** A real API server, a real broker; no AWS account. */
describe.skipIf(kubernetesAssets === undefined)(`a cluster that is asked${withoutApiServer}`, () => {
  let pulsar: PulsarInCluster;
  const asked = (more: object = {}) =>
    askEverything(plan, written, {
      target: 'cluster',
      ...{ kubeconfig: pulsar.kubeconfig, context: 'try', reach: pulsar.reach },
      env: { PATH: process.env['PATH'], HOME: '/nonexistent' },
      signal: new AbortController().signal,
      ...more,
    });
  const codesOf = ({ findings }: LiveResult, file: string) => [
    ...new Set(findings.filter(({ where }) => where?.file === file).map(({ code }) => code)),
  ];

  beforeAll(async () => {
    pulsar = await startPulsarInCluster(kubernetesAssets ?? '', plan);
  }, 120_000);
  afterAll(() => pulsar?.stop());

  it('is asked for what it is, while broker and account are named as not asked', async () => {
    const result = await asked();
    expect(codesOf(result, 'cluster')).toEqual(
      expect.arrayContaining([
        'KindNotServed',
        'PoliciesNotEnforced',
        'StorageClassDiffers',
        'ZoneLacksNodes',
      ]),
    );
    expect(result.asked.filter(({ notAsked }) => notAsked !== undefined)).toEqual([
      { part: 'broker', what: 'the broker', notAsked: expect.stringMatching(/^AdminUnreachable: /) },
      { part: 'aws', what: 'the AWS account', notAsked: expect.stringMatching(/credentials/i) },
    ]);
    expect(codesOf(result, 'broker')).toEqual(['LiveNotAsked']);
  }, 60_000);

  it('says of a webhook that nobody answers, and of a pod that nobody knows', async () => {
    await pulsar.put({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'guard' },
      webhooks: [
        {
          ...{ name: 'guard.example.com', failurePolicy: 'Fail', sideEffects: 'None' },
          admissionReviewVersions: ['v1'],
          clientConfig: { caBundle: '', service: { namespace: 'guard', name: 'guard' } },
          rules: [{ apiGroups: ['x.example.com'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
        },
      ],
    });
    await pulsar.put({
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'miner', namespace: 'pulsar' } },
      spec: { automountServiceAccountToken: false, containers: [{ name: 'x', image: 'x:1' }] },
    });
    const { findings } = await asked();
    expect(findings).toContainEqual(
      expect.objectContaining({
        code: 'WebhookBlocks',
        where: { file: 'cluster', path: 'ValidatingWebhookConfiguration guard' },
      }),
    );
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'PodUnknown', where: { file: 'cluster', path: 'pulsar/Pod/miner' } }),
    );
  }, 60_000);

  it('has its broker asked through a proxy: as planned, then a grant too many and an admin of the tenant', async () => {
    await pulsar.proxyPod(PROXY_POD, { ready: true });
    await clusterTenants('apply', plan, pulsar.cluster, pulsar.reach);
    // Other tests share the broker: what the plan's roles may do there is beyond this plan, too.
    const [tenant = ''] = plan.tenants;
    const own = ({ findings }: LiveResult) =>
      findings.filter(({ where }) => where?.file === 'broker' && where.path?.startsWith(tenant));
    const before = await asked();
    expect(own(before)).toEqual([]);
    const ofItself = ['AuthenticationOff', 'AuthorizationOff', 'BrokerPlaintext', 'TopicsMakeThemselves'];
    expect(before.findings.filter(({ code }) => ofItself.includes(code))).toEqual([]);
    expect(before.rules).toEqual(
      expect.arrayContaining(ofItself.map(code => expect.objectContaining({ code, passed: true }))),
    );
    expect(before.asked.filter(({ part }) => part === 'broker')).toHaveLength(4);
    const [namespace = { name: '' }] = plan.namespaces;
    await pulsar.admin('POST', `namespaces/${namespace.name}/permissions/web`, ['produce']);
    await pulsar.admin('POST', `tenants/${tenant}`, {
      adminRoles: ['images'],
      allowedClusters: ['standalone'],
    });
    const after = await asked();
    expect(own(after).map(({ code, where }) => [code, where?.path])).toEqual([
      ['GrantBeyondDials', `${namespace.name} web`],
      ['GrantBeyondDials', tenant],
    ]);
    expect(after.rules.find(({ code }) => code === 'GrantBeyondDials')).toMatchObject({ passed: false });
  }, 90_000);

  it('is one line when nobody is there, and a mistake when it was named by hand', async () => {
    const { asked: lines } = await asked({ kubeconfig: undefined, context: undefined });
    expect(lines.filter(({ notAsked }) => notAsked === undefined)).toEqual([]);
    expect(lines.map(({ part }) => part)).toEqual(['cluster', 'broker', 'aws']);
    await expect(asked({ context: 'nobody' })).rejects.toMatchObject({ code: 'KubeconfigMissing' });
  }, 60_000);
});
