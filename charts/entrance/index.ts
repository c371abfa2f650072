import { ApiObject } from 'cdk8s';
import { type ClusterPlan, type Entrance, NAMESPACES } from '../../platform/plan/index.js';
import type { Component } from '../component.js';

const NAME = 'pulsar-entrance';
const PREFIX = 'service.beta.kubernetes.io/aws-load-balancer';

/** Pulsar's binary protocol from outside: TCP straight to the proxy, where TLS ends. The chart's own Service stays inside. */
export const entrance: Component = {
  name: 'entrance',
  stage: 'services',
  objects: (chart, { plan }) => {
    const pulsar = plan.entrances.find(({ name }) => name === 'pulsar');
    // The gateway has a listener of its own for it.
    if (pulsar?.workload !== 'proxy') return;
    new ApiObject(chart, NAME, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: NAME,
        namespace: NAMESPACES.pulsar,
        ...(pulsar.kind === 'service' && { annotations: annotations(pulsar) }),
      },
      spec: {
        ...(pulsar.kind === 'service' ? balanced(pulsar) : NODE_PORT),
        selector: proxyLabels(plan),
        ports: [
          {
            name: 'pulsar-tls',
            protocol: 'TCP',
            port: pulsar.port,
            targetPort: pulsar.port,
            ...(pulsar.kind === 'nlb' && { nodePort: pulsar.nodePort }),
          },
        ],
      },
    });
  },
};

/** The load balancer of CloudFormation sends to the edge nodes, on which no proxy runs: they pass it on. */
const NODE_PORT = { type: 'NodePort', externalTrafficPolicy: 'Cluster' };

/**
 * The NLB of the cloud controller. It has no security group: whoever may come is said by the source ranges, which the
 * controller writes into the nodes' own group, and which need the addresses of the clients.
 */
function balanced({ allow }: Entrance) {
  return { type: 'LoadBalancer', externalTrafficPolicy: 'Local', loadBalancerSourceRanges: allow };
}

/** No certificate among them: TLS ends at the proxy. */
function annotations({ scheme, hostnames }: Entrance): Record<string, string> {
  return {
    [`${PREFIX}-type`]: 'nlb',
    ...(scheme === 'internal' && { [`${PREFIX}-internal`]: 'true' }),
    [`${PREFIX}-cross-zone-load-balancing-enabled`]: 'true',
    [`${PREFIX}-target-group-attributes`]: 'preserve_client_ip.enabled=true',
    // Its name is known to nobody before it is there: external-dns, where it runs, makes the record.
    'external-dns.alpha.kubernetes.io/hostname': hostnames.join(','),
  };
}

function proxyLabels({ workloads }: ClusterPlan) {
  return workloads.find(({ name }) => name === 'proxy')?.pods?.labels;
}
