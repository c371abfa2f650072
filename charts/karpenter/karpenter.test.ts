import { describe, expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../platform/config/testing/configs.js';
import { type ClusterPlan, makePlan } from '../../platform/plan/index.js';
import { kubernetesArtifacts, placeholderOutputs } from '../index.js';

function made(nodes: string) {
  const plan: ClusterPlan = makePlan(configOf(`${MINIMAL}nodes: ${nodes}`), { target: 'cluster' });
  const { manifests, releases } = kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
  const objects = manifests.flatMap(file => file.objects);
  const specs = (kind: string) =>
    objects
      .filter(object => object.kind === kind)
      .map(({ metadata, spec }) => ({ name: metadata.name, ...(spec as Spec) }));
  return {
    plan,
    release: releases.find(({ name }) => name === 'karpenter'),
    pools: specs('NodePool'),
    classes: specs('EC2NodeClass'),
    toleranceOf: (name: string) =>
      JSON.stringify(
        objects.find(
          ({ kind, metadata }) => ['Deployment', 'StatefulSet'].includes(kind) && metadata.name === name,
        ),
      ),
  };
}

interface Spec {
  readonly limits?: { readonly cpu: string };
  readonly weight?: number;
  readonly disruption?: { readonly budgets: readonly { readonly nodes: string }[] };
  readonly template?: {
    readonly metadata: { readonly labels: Record<string, string> };
    readonly spec: {
      readonly taints?: readonly object[];
      readonly requirements: readonly { readonly key: string; readonly values: readonly string[] }[];
      readonly expireAfter: string;
    };
  };
  readonly [field: string]: unknown;
}

const valuesOf = (pool: Spec | undefined, key: string) =>
  pool?.template?.spec.requirements.find(it => it.key === key)?.values;

describe('the nodes that Karpenter makes', () => {
  const { plan, pools, classes, release } = made('{ stateless: { kind: karpenter, maxCpu: 48 } }');

  it('start as the other nodes do: by IMDSv2 that no pod reaches, with an encrypted root', () => {
    expect(classes).toHaveLength(1);
    expect(classes[0]).toMatchObject({
      instanceProfile: plan.names.karpenterProfile,
      metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [{ ebs: { encrypted: true, volumeType: 'gp3' } }],
      associatePublicIPAddress: false,
    });
  });

  it('are found by the tags that the stacks and EKS set', () => {
    expect(classes[0]).toMatchObject({
      subnetSelectorTerms: [{ tags: { 'karpenter.sh/discovery': plan.names.discovery } }],
      securityGroupSelectorTerms: [{ tags: { 'aws:eks:cluster-name': plan.names.cluster } }],
    });
  });

  it('are of the tier, the zones, the architecture and within the limit of the config', () => {
    expect(pools.map(({ name }) => name)).toEqual(['stateless']);
    const [pool] = pools;
    expect(pool?.template?.metadata.labels).toEqual({ 'platform/tier': 'stateless' });
    expect(valuesOf(pool, 'topology.kubernetes.io/zone')).toEqual(plan.network.zones.map(({ name }) => name));
    expect(valuesOf(pool, 'kubernetes.io/arch')).toEqual(['arm64']);
    expect(valuesOf(pool, 'karpenter.sh/capacity-type')).toEqual(['on-demand']);
    expect(pool?.limits).toEqual({ cpu: '48' });
    expect(pool?.template?.spec.expireAfter).toBe('336h');
    expect(pool?.disruption?.budgets[0]).toMatchObject({ nodes: '1' });
  });

  it('are made by a controller that hears of interruptions, on nodes that it has not made', () => {
    expect(release?.values).toMatchObject({
      serviceAccount: { name: 'karpenter' },
      settings: { clusterName: plan.names.cluster, interruptionQueue: plan.names.karpenterQueue },
      nodeSelector: { 'platform/tier': 'system' },
    });
    expect(plan.nodeGroups.map(({ tier }) => tier)).toContain('system');
  });
});

describe('Spot', () => {
  const { pools, toleranceOf } = made(
    '{ architecture: x86_64, stateless: { kind: karpenter, maxCpu: 65, spot: true } }',
  );

  it('is for workers without state alone, who try it first', () => {
    const spot = pools.find(pool => valuesOf(pool, 'karpenter.sh/capacity-type')?.includes('spot'));
    expect(spot?.template?.spec.taints).toEqual([
      { key: 'platform/preemptible', value: 'true', effect: 'NoSchedule' },
    ]);
    expect(spot?.weight).toBeGreaterThan(pools.find(({ name }) => name === 'stateless')?.weight ?? 100);
    expect(toleranceOf('transcriber')).toContain('platform/preemptible');
    expect(toleranceOf('images')).toContain('platform/preemptible');
    expect(toleranceOf('web')).not.toContain('platform/preemptible');
  });

  it('counts into the one limit', () => {
    expect(pools.reduce((sum, { limits }) => sum + Number(limits?.cpu), 0)).toBe(65);
    expect(pools.map(pool => valuesOf(pool, 'kubernetes.io/arch'))).toEqual([['amd64'], ['amd64']]);
  });
});

it('is not there with a managed node group', () => {
  const { pools, classes, release } = made('{ stateless: { kind: managed, instanceType: m7g.xlarge } }');
  expect([pools, classes, release]).toEqual([[], [], undefined]);
});
