import { isMapping } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { Policies } from './policies.js';
import { type Container, mappings, podTemplates } from './reader.js';

export const policyBlocksProbe = define(
  {
    code: 'PolicyBlocksProbe',
    group: 'network',
    severity: 'warning',
    happens:
      'Where the network plugin does not let kubelet through by itself, pods are killed again and again by their liveness probe though they work.',
    why: 'A probe comes from the node. Whether a policy stops it depends on the plugin and its version; only a rule for its port is sure.',
    source: 'https://github.com/aws/amazon-vpc-cni-k8s/issues/2571',
    examples: {
      bad: {
        objects: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: services }
spec: { podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress], ingress: [{ ports: [{ port: 8443 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: services, labels: { app: web } }
spec: { containers: [{ name: web, image: "web:1.0.0", livenessProbe: { httpGet: { path: /, port: 9090 } } }] }`,
      },
      good: {
        objects: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: services }
spec: { podSelector: { matchLabels: { app: web } }, policyTypes: [Ingress], ingress: [{ ports: [{ port: 8443 }, { port: 9090 }] }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web, namespace: services, labels: { app: web } }
spec: { containers: [{ name: web, image: "web:1.0.0", livenessProbe: { httpGet: { path: /, port: 9090 } } }] }`,
      },
    },
  },
  {
    objects: objects => {
      const policies = new Policies(objects);
      return podTemplates(objects)
        .filter(({ spec }) => spec['hostNetwork'] !== true)
        .flatMap(({ at, namespace, labels, containers }) => {
          const pod = { namespace, labels };
          if (policies.of(pod, 'Ingress').length === 0) return [];
          return containers.flatMap(container =>
            probesOf(container)
              .filter(
                ({ port, portName }) =>
                  !policies.opens(pod, 'Ingress', { port, ...(portName && { portName }) }),
              )
              .map(({ probe, port }) => ({
                at,
                path: [...container.path, probe],
                message: `the policies of ${at.object.metadata.name} leave its ${probe} on port ${port} to the network plugin`,
                saw: `no rule for port ${port}`,
                want: `ingress to port ${port} from the nodes`,
              })),
          );
        });
    },
  },
);

function probesOf({ spec }: Container): { probe: string; port: number; portName?: string }[] {
  return ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap(probe => {
    const value = spec[probe];
    const check = isMapping(value) ? (value['httpGet'] ?? value['tcpSocket'] ?? value['grpc']) : undefined;
    if (!isMapping(check)) return [];
    const named = mappings(spec['ports']).find(({ name }) => name === check['port']);
    const port = Number(named?.['containerPort'] ?? check['port']);
    if (!Number.isInteger(port)) return [];
    return [{ probe, port, ...(named && { portName: String(named['name']) }) }];
  });
}
