import { valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { namespaceOf, ofKind } from './reader.js';

export const namespaceUnfenced = define(
  {
    code: 'NamespaceUnfenced',
    group: 'network',
    severity: 'error',
    happens:
      'The plain ports that upstream cannot close, admin API and metrics among them, answer to every pod of the cluster.',
    why: 'Without a policy that selects every pod of a namespace, all that no other policy names is open.',
    source:
      'https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-traffic',
    examples: {
      bad: {
        objects: `apiVersion: v1
kind: Namespace
metadata: { name: pulsar }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: services }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }`,
      },
      good: {
        objects: `apiVersion: v1
kind: Namespace
metadata: { name: pulsar }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: pulsar }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }`,
      },
    },
  },
  {
    needs: ['plan'],
    objects: (objects, { plan }) => {
      const fenced = new Set(
        plan?.plainListeners.map(
          ({ workload }) => plan.workloads.find(({ name }) => name === workload)?.pods?.namespace,
        ),
      );
      const policies = ofKind(objects, 'NetworkPolicy');
      // Objects without any policy are a part of something: its policies are kept elsewhere.
      if (policies.length === 0) return [];
      return ofKind(objects, 'Namespace')
        .filter(({ object }) => fenced.has(object.metadata.name))
        .filter(
          ({ object: { metadata } }) =>
            !policies.some(
              ({ object }) =>
                namespaceOf(object) === metadata.name &&
                JSON.stringify(valueAt(object, ['spec', 'podSelector']) ?? {}) === '{}',
            ),
        )
        .map(at => ({
          at,
          message: `namespace ${at.object.metadata.name} has plain ports and no policy for all of its pods`,
          saw: 'no NetworkPolicy with an empty podSelector',
          want: 'a default deny, and one allow for each dial',
        }));
    },
  },
);
