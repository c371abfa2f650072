import { type Hop, hopsOf, type Workload } from '../../plan/index.js';
import { define } from '../define.js';
import { type End, Policies } from './policies.js';
import { ofKind } from './reader.js';

export const dialBlocked = define(
  {
    code: 'DialBlocked',
    group: 'network',
    severity: 'error',
    happens:
      'Two parts that need each other time out; libpulsar, for one, says nothing else for a closed port or a missing certificate.',
    why: 'A connection passes only if the policies of both ends let it: those of who dials and those of whom it dials.',
    source:
      'https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation',
    examples: {
      bad: {
        objects: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: bookie, namespace: pulsar }
spec: { podSelector: { matchLabels: { component: bookie } }, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: { matchLabels: { component: broker } } }], ports: [{ port: 3181 }] }] }`,
      },
      good: {
        objects: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: bookie, namespace: pulsar }
spec: { podSelector: { matchLabels: { component: bookie } }, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 3181 }] }] }`,
      },
    },
  },
  {
    needs: ['plan'],
    objects: (objects, { plan }) => {
      if (plan === undefined || ofKind(objects, 'NetworkPolicy').length === 0) return [];
      const policies = new Policies(objects);
      const workloads = new Map(plan.workloads.map(workload => [workload.name, workload]));
      return hopsOf(plan).flatMap(({ from, to, port, dial }) => {
        const dialler = endOf(workloads.get(from));
        const dialled = endOf(workloads.get(to));
        if (dialler === undefined || dialled === undefined) return [];
        const connection = { port };
        const blocked = !policies.allow(dialler, 'Egress', dialled, connection)
          ? policies.of(dialler, 'Egress')[0]
          : !policies.allow(dialled, 'Ingress', dialler, connection)
            ? policies.of(dialled, 'Ingress')[0]
            : undefined;
        return blocked === undefined
          ? []
          : [{ at: blocked, path: ['spec'], ...blockedProblem({ from, to, port }, dial.why) }];
      });
    },
  },
);

function endOf(workload: Workload | undefined): End | undefined {
  return workload?.pods && { namespace: workload.pods.namespace, labels: workload.pods.labels };
}

function blockedProblem({ from, to, port }: Pick<Hop, 'from' | 'to' | 'port'>, why: string) {
  return {
    message: `${from} may not reach ${to} (${why})`,
    saw: `no rule lets ${from} through to port ${port}`,
    want: `egress of ${from} and ingress of ${to} on ${port}`,
  };
}
