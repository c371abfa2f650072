import type { Kubernetes, Manifest } from '../../edges/kubernetes.js';
import { DELIVERY_MANAGER } from '../../plan/index.js';
import { refOf } from './inventory.js';

/** Kinds whose image a delivery moves on. */
const DELIVERED = ['Deployment', 'StatefulSet'];

/**
 * The object as it is to be applied: once a delivery owns the image of a container, we say nothing of it, so that
 * neither takes back what the other has done.
 */
export async function withoutDelivered(cluster: Kubernetes, object: Manifest): Promise<Manifest> {
  if (!DELIVERED.includes(object.kind ?? '')) return object;
  const live = await cluster.read(refOf(object));
  return live === undefined ? object : withoutImages(object, imagesOf(live, DELIVERY_MANAGER));
}

interface Containers {
  readonly template?: { readonly spec?: { readonly containers?: readonly { readonly name: string }[] } };
}

/** Names of the containers whose image a field manager owns. Pure. */
export function imagesOf({ metadata }: Manifest, manager: string): ReadonlySet<string> {
  const owned = (metadata?.managedFields ?? []).filter(entry => entry.manager === manager);
  return new Set(
    owned.flatMap(({ fieldsV1 }) => {
      const path = ['f:spec', 'f:template', 'f:spec', 'f:containers'];
      const containers = path.reduce<unknown>((at, key) => (at as Fields | undefined)?.[key], fieldsV1);
      return Object.entries((containers as Fields | undefined) ?? {}).flatMap(([key, fields]) =>
        'f:image' in (fields as Fields) ? (/^k:\{"name":"([^"]+)"\}$/.exec(key)?.[1] ?? []) : [],
      );
    }),
  );
}

type Fields = Readonly<Record<string, unknown>>;

/** Without the images of these containers. Pure. */
export function withoutImages(object: Manifest, names: ReadonlySet<string>): Manifest {
  const spec = object['spec'] as Containers | undefined;
  const { template } = spec ?? {};
  if (names.size === 0 || template?.spec?.containers === undefined) return object;
  const containers = template.spec.containers.map(container => {
    if (!names.has(container.name)) return container;
    const { image, ...rest } = container as { readonly name: string; readonly image?: string };
    return rest;
  });
  return { ...object, spec: { ...spec, template: { ...template, spec: { ...template.spec, containers } } } };
}
