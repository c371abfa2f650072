import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import type { PlacedObject } from '../artifacts.js';
import { define } from '../define.js';
import type { Subject } from '../rule.js';
import { mappings, namespaceOf, ofKind, podTemplates } from './reader.js';

export const secretMissing = define(
  {
    code: 'SecretMissing',
    group: 'access',
    severity: 'error',
    happens: 'The pod stays in ContainerCreating for ever: "secret not found".',
    why: 'Who mounts a Secret and who makes it are written apart, and a name is easily misspelt on one side.',
    source: 'https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/#my-pod-stays-waiting',
    examples: {
      bad: {
        objects: `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: services }
spec:
  volumes: [{ name: tls, secret: { secretName: web-cert } }]
  containers: [{ name: web, image: "web:1.0.0" }]
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: web, namespace: services }
spec: { secretName: web-tls, usages: [server auth], issuerRef: { name: ca } }`,
      },
      good: {
        objects: `apiVersion: v1
kind: Pod
metadata: { name: web, namespace: services }
spec:
  volumes: [{ name: tls, secret: { secretName: web-tls } }]
  containers: [{ name: web, image: "web:1.0.0" }]
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: web, namespace: services }
spec: { secretName: web-tls, usages: [server auth], issuerRef: { name: ca } }`,
      },
    },
  },
  {
    // Without a plan nobody knows which Secrets come from elsewhere.
    needs: ['plan'],
    objects: (objects, subject) => {
      const supplied = suppliedSecrets(objects, subject);
      return podTemplates(objects).flatMap(({ at, namespace, spec, path, containers }) => {
        const mounted = mappings(spec['volumes']).flatMap(volume => [
          valueAt(volume, ['secret']),
          ...mappings(valueAt(volume, ['projected', 'sources'])).map(source => source['secret']),
        ]);
        const read = containers.flatMap(({ spec: container }) => [
          ...mappings(container['env']).map(variable => valueAt(variable, ['valueFrom', 'secretKeyRef'])),
          ...mappings(container['envFrom']).map(source => source['secretRef']),
        ]);
        const names = [...mounted, ...read].flatMap(reference =>
          isMapping(reference) && reference['optional'] !== true
            ? [String(reference['secretName'] ?? reference['name'])]
            : [],
        );
        return [...new Set(names)]
          .filter(name => !supplied.has(`${namespace}/${name}`))
          .map(name => ({
            at,
            path,
            message: `${at.object.metadata.name} needs Secret ${namespace}/${name}, which nobody makes`,
            saw: name,
            want: 'a Certificate, an ExternalSecret or a Secret of this name',
          }));
      });
    },
  },
);

/** `namespace/name` of every Secret that somebody makes. */
function suppliedSecrets(objects: readonly PlacedObject[], { plan }: Subject): Set<string> {
  const made = ofKind(objects, 'Secret', 'SealedSecret', 'ExternalSecret', 'Certificate').map(
    ({ object }) => {
      const target =
        object.kind === 'Certificate'
          ? valueAt(object, ['spec', 'secretName'])
          : object.kind === 'ExternalSecret'
            ? valueAt(object, ['spec', 'target', 'name'])
            : undefined;
      return `${namespaceOf(object)}/${String(target ?? object.metadata.name)}`;
    },
  );
  const planned = [
    ...(plan?.secrets ?? []).flatMap(({ target }) => target ?? []),
    ...(plan?.certificates ?? []).flatMap(({ secret }) => (secret === undefined ? [] : [secret])),
  ];
  return new Set([...made, ...planned.map(({ namespace, name }) => `${namespace}/${name}`)]);
}
