import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { type Container, namespaceOf, ofKind, podTemplates, texts } from './reader.js';

const ENFORCE = 'pod-security.kubernetes.io/enforce';

export const podSecurityViolated = define(
  {
    code: 'PodSecurityViolated',
    group: 'access',
    severity: 'error',
    happens:
      'The Deployment is accepted and never gets a pod; only its events say "violates PodSecurity restricted".',
    why: 'A namespace that enforces restricted refuses pods that do not say that they run without privileges, field by field.',
    source: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    examples: {
      bad: {
        objects: `apiVersion: v1
kind: Namespace
metadata: { name: jobs, labels: { pod-security.kubernetes.io/enforce: restricted } }
---
apiVersion: v1
kind: Pod
metadata: { name: job, namespace: jobs }
spec: { containers: [{ name: job, image: "job:1.0.0" }] }`,
      },
      good: {
        objects: `apiVersion: v1
kind: Namespace
metadata: { name: jobs, labels: { pod-security.kubernetes.io/enforce: restricted } }
---
apiVersion: v1
kind: Pod
metadata: { name: job, namespace: jobs }
spec:
  securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
  containers: [{ name: job, image: "job:1.0.0", securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } } }]`,
      },
    },
  },
  {
    objects: objects => {
      const restricted = new Set(
        ofKind(objects, 'Namespace')
          .filter(({ object }) => texts(object.metadata.labels)[ENFORCE] === 'restricted')
          .map(({ object }) => object.metadata.name),
      );
      return podTemplates(objects)
        .filter(({ at }) => restricted.has(namespaceOf(at.object)))
        .flatMap(({ at, spec, containers }) =>
          containers.flatMap(container => {
            const missing = missingIn(container, spec['securityContext']);
            return missing.length === 0
              ? []
              : [
                  {
                    at,
                    path: [...container.path, 'securityContext'],
                    message: `namespace ${namespaceOf(at.object)} would refuse container ${container.name} of ${at.object.metadata.name}`,
                    saw: `without ${missing.join(', ')}`,
                    want: 'what Pod Security restricted asks for',
                  },
                ];
          }),
        );
    },
  },
);

function missingIn({ spec }: Container, pod: unknown): string[] {
  const own = spec['securityContext'];
  const either = (key: string) => valueAt(own, [key]) ?? valueAt(pod, [key]);
  const dropped = valueAt(own, ['capabilities', 'drop']);
  const profile = either('seccompProfile');
  return [
    ...(either('runAsNonRoot') === true ? [] : ['runAsNonRoot: true']),
    ...(valueAt(own, ['allowPrivilegeEscalation']) === false ? [] : ['allowPrivilegeEscalation: false']),
    ...(Array.isArray(dropped) && dropped.includes('ALL') ? [] : ['capabilities.drop: [ALL]']),
    ...(isMapping(profile) && ['RuntimeDefault', 'Localhost'].includes(String(profile['type']))
      ? []
      : ['seccompProfile']),
  ];
}
