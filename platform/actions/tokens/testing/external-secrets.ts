import { setTimeout as sleep } from 'node:timers/promises';
import { kubernetes, type Manifest } from '../../../edges/kubernetes.js';
import type { SecretStore } from '../../../edges/secret-store.js';

/** Looks at once when it is told to, else in a quarter of an hour, as external-secrets does: what was shown stays. */
export function playExternalSecrets(kubeconfig: string, store: SecretStore): { stop: () => Promise<void> } {
  const cluster = kubernetes({ kubeconfig, manager: 'external-secrets' });
  const seen = new Map<string, string>();
  let running = true;
  const show = async (object: Manifest) => {
    const { name = '', namespace = '', annotations = {} } = object.metadata ?? {};
    const at = `${namespace}/${name}`;
    const told = annotations['force-sync'] ?? 'at first';
    if (seen.get(at) === told) return;
    const { data } = object['spec'] as {
      data: { secretKey: string; remoteRef: { key: string; decodingStrategy: string } }[];
    };
    const entries = await Promise.all(
      data.map(async ({ secretKey, remoteRef }) => {
        const value = (await store.read(remoteRef.key)) ?? '';
        const bytes = remoteRef.decodingStrategy === 'Base64' ? value : Buffer.from(value).toString('base64');
        return [secretKey, bytes] as const;
      }),
    );
    await cluster.apply({
      ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } },
      data: Object.fromEntries(entries),
    } as Manifest);
    seen.set(at, told);
  };
  const loop = (async () => {
    while (running) {
      const all = await cluster.list('external-secrets.io/v1', 'ExternalSecret').catch(() => []);
      for (const object of all) await show(object).catch(() => undefined);
      await sleep(100);
    }
  })();
  return {
    stop: async () => {
      running = false;
      await loop;
    },
  };
}

/** The definition that external-secrets brings, without its schema. */
export const EXTERNAL_SECRETS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'externalsecrets.external-secrets.io' },
  spec: {
    group: 'external-secrets.io',
    names: { kind: 'ExternalSecret', plural: 'externalsecrets', singular: 'externalsecret' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
} as unknown as Manifest;
