import { define } from '../define.js';
import { Policies } from './policies.js';
import { podTemplates } from './reader.js';

export const policyBlocksDns = define(
  {
    code: 'PolicyBlocksDns',
    group: 'network',
    severity: 'error',
    happens:
      'Pods start, and every name they dial fails ("Temporary failure in name resolution"); it looks like anything but a policy.',
    why: 'A policy that restricts what a pod may reach restricts DNS too, unless port 53 is allowed, over UDP and TCP.',
    source: 'https://github.com/kubernetes/website/issues/54997',
    examples: {
      bad: {
        objects: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: client, namespace: clients }
spec:
  podSelector: { matchLabels: { app: client } }
  policyTypes: [Egress]
  egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 6651 }] }]
---
apiVersion: v1
kind: Pod
metadata: { name: client, namespace: clients, labels: { app: client } }
spec: { containers: [{ name: client, image: "client:1.0.0" }] }`,
      },
      good: {
        objects: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: client, namespace: clients }
spec:
  podSelector: { matchLabels: { app: client } }
  policyTypes: [Egress]
  egress:
    - { to: [{ namespaceSelector: {} }], ports: [{ port: 6651 }] }
    - { ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }] }
---
apiVersion: v1
kind: Pod
metadata: { name: client, namespace: clients, labels: { app: client } }
spec: { containers: [{ name: client, image: "client:1.0.0" }] }`,
      },
    },
  },
  {
    objects: objects => {
      const policies = new Policies(objects);
      return podTemplates(objects)
        .filter(({ spec }) => spec['hostNetwork'] !== true && spec['dnsPolicy'] !== 'None')
        .flatMap(({ at, namespace, labels }) => {
          const pod = { namespace, labels };
          const restricting = policies.of(pod, 'Egress');
          const [first] = restricting;
          // A policy that lets nothing out at all is meant so.
          const anything = restricting.some(({ object }) =>
            JSON.stringify(object['spec'] ?? {}).includes('"egress":[{'),
          );
          if (first === undefined || !anything) return [];
          const open = policies.opens(pod, 'Egress', { port: 53, protocol: 'UDP' });
          return open
            ? []
            : [
                {
                  at: first,
                  path: ['spec', 'egress'],
                  message: `pods of ${at.object.metadata.name} may not ask DNS`,
                  saw: 'no rule for port 53 over UDP',
                  want: 'egress to port 53, UDP and TCP',
                },
              ];
        });
    },
  },
);
