import { valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { namespaceOf, ofKind, podTemplates, texts } from './reader.js';

export const serviceSelectsNothing = define(
  {
    code: 'ServiceSelectsNothing',
    group: 'network',
    severity: 'error',
    happens: 'The name resolves, and every connection is refused or hangs: the Service has no endpoints.',
    why: 'A Service finds its pods by their labels alone; one letter apart, it finds none, and Kubernetes does not mind.',
    source:
      'https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/#does-the-service-have-any-endpointslices',
    examples: {
      bad: {
        objects: `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: wep }, ports: [{ port: 8443 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec: { containers: [{ name: web, image: "web:1.0.0" }] }`,
      },
      good: {
        objects: `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 8443 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web, labels: { app: web } }
spec: { containers: [{ name: web, image: "web:1.0.0" }] }`,
      },
    },
  },
  {
    objects: (objects, { plan, artifacts }) => {
      const pods = [
        ...podTemplates(objects),
        ...(plan?.workloads ?? []).flatMap(({ pods: planned }) => (planned ? [planned] : [])),
      ];
      // A release makes pods that are not among the objects.
      const released = new Set(artifacts.releases.map(({ namespace }) => namespace));
      return ofKind(objects, 'Service').flatMap(at => {
        const selector = texts(valueAt(at.object, ['spec', 'selector']));
        const namespace = namespaceOf(at.object);
        const here = pods.filter(pod => pod.namespace === namespace);
        const found = here.some(({ labels }) =>
          Object.entries(selector).every(([key, value]) => labels[key] === value),
        );
        if (Object.keys(selector).length === 0 || here.length === 0 || found || released.has(namespace))
          return [];
        return [
          {
            at,
            path: ['spec', 'selector'],
            message: `Service ${at.object.metadata.name} finds no pod`,
            saw: selector,
            want: 'labels that its pods have',
          },
        ];
      });
    },
  },
);
