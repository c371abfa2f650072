import { describe, expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../platform/config/testing/configs.js';
import { makePlan, NODE_PORTS } from '../../platform/plan/index.js';
import { type KubernetesObject, kubernetesArtifacts, placeholderOutputs } from '../index.js';

function entranceOf(pulsar: string, http = 'kind: nginx'): readonly KubernetesObject[] {
  const config = configOf(`${MINIMAL}entrances: { http: { ${http} }, pulsar: { ${pulsar} } }`);
  const plan = makePlan(config, { target: 'cluster' });
  const { manifests } = kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
  return manifests.find(({ component }) => component === 'entrance')?.objects ?? [];
}

const PORT = { port: 6651, targetPort: 6651, protocol: 'TCP' };

describe('the Pulsar entrance', () => {
  it('is a node port of the proxy where the load balancer of CloudFormation sends to, on the TLS port alone', () => {
    const [service, ...more] = entranceOf('kind: nlb');
    expect(more).toEqual([]);
    expect(service?.metadata.annotations).toBeUndefined();
    expect(service?.['spec']).toMatchObject({
      type: 'NodePort',
      // No proxy runs on the edge nodes.
      externalTrafficPolicy: 'Cluster',
      selector: { app: 'pulsar', component: 'proxy', release: 'pulsar' },
      ports: [{ ...PORT, nodePort: NODE_PORTS.pulsar }],
    });
  });

  it('is an NLB of the cloud controller by word of the config: internal, with the networks that may come, TLS end to end', () => {
    const [service] = entranceOf('kind: service, allow: [10.9.0.0/16, 198.51.100.0/24]');
    expect(service?.['spec']).toMatchObject({
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      loadBalancerSourceRanges: ['10.9.0.0/16', '198.51.100.0/24'],
      ports: [PORT],
    });
    expect(service?.['spec']).not.toHaveProperty('loadBalancerClass');
    const { annotations = {} } = service?.metadata ?? {};
    expect(annotations).toMatchObject({
      'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb',
      'service.beta.kubernetes.io/aws-load-balancer-internal': 'true',
    });
    expect(JSON.stringify(annotations)).not.toMatch(/ssl-cert|external"|nlb-target-type/);
  });

  it('is public by word of the config only, and always says who may come', () => {
    const [open] = entranceOf('kind: service, scheme: internet-facing, allow: [198.51.100.0/24]');
    expect(Object.keys(open?.metadata.annotations ?? {})).not.toContain(
      'service.beta.kubernetes.io/aws-load-balancer-internal',
    );
    expect(open?.['spec']).toMatchObject({ loadBalancerSourceRanges: ['198.51.100.0/24'] });
    const [closed] = entranceOf('kind: service');
    expect(closed?.['spec']).toMatchObject({ loadBalancerSourceRanges: ['10.0.0.0/16'] });
  });

  it('is left to the gateway where one passes it on, and is nothing where nobody comes', () => {
    expect(entranceOf('kind: nlb', 'kind: gateway')).toEqual([]);
    expect(entranceOf('kind: service', 'kind: gateway')).toHaveLength(1);
    expect(entranceOf('kind: none')).toEqual([]);
  });
});
