import { describe, expect, it } from 'vitest';
import { planOf } from '../../../aws/testing/templates.js';
import { MINIMAL } from '../../../config/testing/configs.js';
import type { Manifest } from '../../../edges/kubernetes.js';
import {
  answeringServices,
  apiVersionFindings,
  diskFindings,
  enforcementFindings,
  kindFindings,
  kubeletFindings,
  nodeZoneFindings,
  podFindings,
  storageFindings,
  webhookFindings,
} from './cluster-findings.js';

const plan = planOf(MINIMAL);
const object = (text: object) => text as unknown as Manifest;
const told = (findings: readonly { code: string; severity: string }[]) =>
  findings.map(({ code, severity }) => `${code} ${severity}`);

const node = (name: string, zone: string, more: object = {}) =>
  object({
    metadata: { name, labels: { 'platform/tier': 'stateful', 'topology.kubernetes.io/zone': zone } },
    status: {
      nodeInfo: { kubeletVersion: 'v1.35.1-eks-1' },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
    ...more,
  });
const zones = plan.network.zones.map(({ name }) => name);
const nodes = zones.flatMap(zone => ['a', 'b', 'c'].map(letter => node(`${zone}-${letter}`, zone)));

describe('versions of a cluster', () => {
  it('are those of the config, or a finding', () => {
    expect(apiVersionFindings(plan, '1.35')).toEqual([]);
    expect(told(apiVersionFindings(plan, '1.36'))).toEqual(['KubernetesVersionOther warning']);
  });

  it('of nodes may be behind, but not by three', () => {
    const old = (kubeletVersion: string) =>
      node('old', zones[0] ?? '', { status: { nodeInfo: { kubeletVersion } } });
    expect(kubeletFindings(nodes, '1.35')).toEqual([]);
    expect(told(kubeletFindings([...nodes, old('v1.34.2')], '1.35'))).toEqual(['KubeletBehind warning']);
    expect(told(kubeletFindings([old('v1.32.9')], '1.35'))).toEqual(['KubeletBehind error']);
  });
});

describe('kinds that a cluster serves', () => {
  const written = [
    { apiVersion: 'cert-manager.io/v1', kind: 'Certificate' },
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
    { apiVersion: 'v1', kind: 'Secret' },
  ];
  const definition = (...versions: string[]) =>
    object({
      spec: {
        group: 'cert-manager.io',
        names: { kind: 'Certificate' },
        versions: versions.map(name => ({ name, served: true })),
      },
    });

  it('are asked for what is not built in alone', () => {
    expect(kindFindings(written, [definition('v1beta1', 'v1')])).toEqual([]);
    expect(told(kindFindings(written, []))).toEqual(['KindNotServed warning']);
  });

  it('are wrong where an older operator serves an older version', () => {
    expect(kindFindings(written, [definition('v1beta1')])).toMatchObject([
      { severity: 'error', saw: 'v1beta1', want: 'v1' },
    ]);
  });
});

describe('storage classes', () => {
  const want = object({
    metadata: { name: 'fast' },
    provisioner: 'ebs.csi.aws.com',
    parameters: { type: 'gp3', encrypted: 'true' },
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'WaitForFirstConsumer',
  });

  it('are compared in what can never be changed', () => {
    expect(storageFindings([want], [{ ...want, parameters: { encrypted: 'true', type: 'gp3' } }])).toEqual(
      [],
    );
    expect(storageFindings([want], [{ ...want, parameters: { type: 'gp3' } }])).toMatchObject([
      { code: 'StorageClassDiffers', severity: 'error', saw: '{"type":"gp3"}' },
    ]);
    expect(told(storageFindings([want], []))).toEqual(['StorageClassDiffers warning']);
  });
});

describe('zones', () => {
  it('have the nodes of the plan, ready and not cordoned', () => {
    expect(nodeZoneFindings(plan, nodes)).toEqual([]);
    const [zone = ''] = zones;
    const cordoned = nodes.map(each =>
      each.metadata?.name?.startsWith(zone) ? { ...each, spec: { unschedulable: true } } : each,
    );
    expect(nodeZoneFindings(plan, cordoned)).toMatchObject([{ code: 'ZoneLacksNodes', saw: '0 ready' }]);
  });

  it('of disks have a node', () => {
    const disk = (zone: string, namespace = 'pulsar') =>
      object({
        metadata: { name: 'pv-1' },
        spec: {
          claimRef: { namespace, name: 'journal-0' },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: 'topology.ebs.csi.aws.com/zone', values: [zone] }] },
              ],
            },
          },
        },
      });
    const own = new Set(['pulsar']);
    expect(diskFindings([disk(zones[0] ?? '')], nodes, own)).toEqual([]);
    expect(told(diskFindings([disk('eu-central-1f')], nodes, own))).toEqual(['DiskWithoutNode error']);
    expect(diskFindings([disk('eu-central-1f', 'somebody')], nodes, own)).toEqual([]);
    const kept = { ...disk('eu-central-1f'), status: { phase: 'Released' } } as Manifest;
    expect(diskFindings([kept], nodes, own)).toEqual([]);
  });
});

describe('webhooks', () => {
  const configuration = (webhook: object) =>
    object({
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'guard' },
      webhooks: [
        {
          name: 'guard.example.com',
          clientConfig: { caBundle: 'Zm9v', service: { namespace: 'guard', name: 'guard' } },
          rules: [{ apiGroups: ['', 'apps'] }],
          ...webhook,
        },
      ],
    });
  const slice = (ready: boolean) =>
    object({
      metadata: { namespace: 'guard', labels: { 'kubernetes.io/service-name': 'guard' } },
      endpoints: [{ conditions: { ready } }],
    });

  it('block when they must be asked and nobody answers', () => {
    const found = (webhook: object, ready: boolean) =>
      webhookFindings([configuration(webhook)], answeringServices([slice(ready)]), new Set(['', 'apps']));
    expect(found({}, true)).toEqual([]);
    expect(told(found({}, false))).toEqual(['WebhookBlocks error']);
    expect(found({ failurePolicy: 'Ignore' }, false)).toEqual([]);
    expect(told(found({ rules: [{ apiGroups: ['*'] }] }, false))).toEqual(['WebhookBlocks error']);
  });

  it('of kinds that the platform does not write are a warning', () => {
    const foreign = configuration({ rules: [{ apiGroups: ['example.com'] }] });
    expect(told(webhookFindings([foreign], new Set(), new Set(['', 'apps'])))).toEqual([
      'WebhookBlocks warning',
    ]);
  });
});

describe('network policies', () => {
  const awsNode = (flag: string) =>
    object({
      metadata: { name: 'aws-node', namespace: 'kube-system' },
      spec: { template: { spec: { containers: [{ name: 'aws-eks-nodeagent', args: [flag] }] } } },
    });

  it('are enforced by the plugin of AWS only when it is told to', () => {
    expect(enforcementFindings([awsNode('--enable-network-policy=true')])).toEqual([]);
    expect(told(enforcementFindings([awsNode('--enable-network-policy=false')]))).toEqual([
      'PoliciesNotEnforced error',
    ]);
    expect(
      enforcementFindings([object({ metadata: { name: 'calico-node', namespace: 'calico-system' } })]),
    ).toEqual([]);
  });
});

describe('pods', () => {
  const pod = (labels: object, more: object = {}) =>
    object({ metadata: { name: 'one', namespace: 'pulsar', labels, ...more } });
  const broker = plan.workloads.find(({ name }) => name === 'broker')?.pods?.labels ?? {};

  it('are those of the workloads, or of a job', () => {
    expect(podFindings(plan, [pod({ ...broker, more: 'x' })])).toEqual([]);
    expect(podFindings(plan, [pod({}, { ownerReferences: [{ kind: 'Job' }] })])).toEqual([]);
    expect(podFindings(plan, [pod({ app: 'miner' })])).toMatchObject([
      { code: 'PodUnknown', saw: 'app=miner' },
    ]);
  });
});
