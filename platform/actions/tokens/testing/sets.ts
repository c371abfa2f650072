import type { Manifest } from '../../../edges/kubernetes.js';

/** A set of the Pulsar chart, as far as its pods and their order go. */
export function setOf(component: string, replicas: number): Manifest {
  const labels = { app: 'pulsar', release: 'pulsar', component };
  const name = `pulsar-${component}`;
  return {
    ...{ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name, namespace: 'pulsar', labels } },
    spec: {
      ...{
        replicas,
        serviceName: name,
        updateStrategy: { type: 'OnDelete' },
        selector: { matchLabels: labels },
      },
      template: { metadata: { labels }, spec: { containers: [{ name: 'stand-in', image: 'stand-in' }] } },
    },
  } as unknown as Manifest;
}
