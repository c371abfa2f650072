import { describe, expect, it } from 'vitest';
import { planOf } from '../../../aws/testing/templates.js';
import { MINIMAL } from '../../../config/testing/configs.js';
import type { Manifest } from '../../../edges/kubernetes.js';
import {
  apiVersionFindings,
  enforcementFindings,
  kindFindings,
  podFindings,
  storageFindings,
} from './cluster-findings.js';

const plan = planOf(MINIMAL);
const object = (text: object) => text as unknown as Manifest;
const told = (findings: readonly { code: string; severity: string }[]) =>
  findings.map(({ code, severity }) => `${code} ${severity}`);

describe('the version of a cluster', () => {
  it('is that of the config, or a finding', () => {
    expect(apiVersionFindings(plan, '1.35')).toEqual([]);
    expect(told(apiVersionFindings(plan, '1.36'))).toEqual(['KubernetesVersionOther warning']);
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
