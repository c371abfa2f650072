import { certificatesIn } from '../../../certs/index.js';
import type { Kubernetes, Manifest, ObjectRef } from '../../edges/kubernetes.js';
import type { Finding } from '../../errors.js';
import { DELIVERY_MANAGER, NAMESPACES, TRUST_NAME } from '../../plan/index.js';
import { refOf } from './inventory.js';
import { knownOnly } from './known.js';
import { isAuthority, leftBehind, ROTATION_MANAGER, rotationUnderWay } from './rotated.js';

/** ClusterIssuers sign with a Secret beside cert-manager. */
const ISSUER_KINDS = ['ClusterIssuer', 'AWSPCAClusterIssuer'];
const DELIVERED = ['Deployment', 'StatefulSet'];

/** An object as it is to be applied in this cluster. */
export interface Standing {
  readonly object: Manifest;
  /** A rotation that is over has left what is planned: its fields are taken back from it. */
  readonly fromRotation: boolean;
  /** A rotation that is over has left something else than what is planned, which stays. @default - nothing */
  readonly finding?: Finding;
}

/**
 * The object as it is to be applied in this cluster. Fields that a delivery or a rotation has taken over are left out,
 * so that no deployment takes back what they have done; roots that only the cluster knows are put in.
 */
export async function asItStands(cluster: Kubernetes, object: Manifest): Promise<Standing> {
  const { kind = '', metadata } = object;
  if (DELIVERED.includes(kind)) {
    const live = await cluster.read(refOf(object));
    return alone(live === undefined ? object : withoutImages(object, imagesOf(live, DELIVERY_MANAGER)));
  }
  if (metadata?.name === TRUST_NAME && ['Secret', 'ConfigMap'].includes(kind)) {
    const wanted = withRoots(object, await rootsInside(cluster));
    return afterRotation(cluster, wanted, 'data', await cluster.read(refOf(object)));
  }
  if (ISSUER_KINDS.includes(kind) || isAuthority(object))
    return afterRotation(cluster, object, 'spec', await knownOnly(() => cluster.read(refOf(object))));
  return alone(object);
}

function alone(object: Manifest): Standing {
  return { object, fromRotation: false };
}

/** Whether a field manager owns anything of an object, besides its status. Pure. */
export function owns({ metadata }: Manifest, manager: string): boolean {
  return (
    metadata?.managedFields?.some(
      entry => entry.manager === manager && entry.subresource === undefined && !isEmpty(entry.fieldsV1),
    ) ?? false
  );
}

function isEmpty(fields: object | undefined): boolean {
  return Object.keys(fields ?? {}).length === 0;
}

async function afterRotation(
  cluster: Kubernetes,
  wanted: Manifest,
  field: 'data' | 'spec',
  live: Manifest | undefined,
): Promise<Standing> {
  if (live === undefined || !owns(live, ROTATION_MANAGER)) return alone(wanted);
  const stays = withoutField(wanted, field);
  if (await rotationUnderWay(cluster)) return alone(stays);
  const finding = leftBehind(wanted, live);
  // Of an authority in the cluster no field says who signs: the config may change its life as at any time.
  if (finding === undefined || isAuthority(wanted)) return { object: wanted, fromRotation: true };
  return { object: stays, fromRotation: false, finding };
}

interface IssuerSpec {
  readonly ca?: { readonly secretName?: string };
}

/** The root whose key lies in this cluster; undefined when the authority is elsewhere, or not there yet. */
async function rootsInside(cluster: Kubernetes): Promise<string | undefined> {
  const issuer: ObjectRef = {
    apiVersion: 'cert-manager.io/v1',
    kind: 'ClusterIssuer',
    metadata: { name: 'platform' },
  };
  const { ca } = ((await knownOnly(() => cluster.read(issuer)))?.['spec'] ?? {}) as IssuerSpec;
  if (ca?.secretName === undefined) return undefined;
  const ref = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: ca.secretName, namespace: NAMESPACES.certManager },
  };
  const data = ((await cluster.read(ref))?.['data'] ?? {}) as Readonly<Record<string, string>>;
  const text = (key: string) => Buffer.from(data[key] ?? '', 'base64').toString();
  // Of a Secret that another tool has filled: a root is its own `ca.crt`.
  const own = certificatesIn(text('tls.crt')).filter(({ selfSigned }) => selfSigned);
  const given = certificatesIn(text('ca.crt'));
  const certificates = given.length > 0 ? given : own;
  return certificates.length === 0 ? undefined : certificates.map(({ pem }) => pem).join('');
}

/** Roots that the stacks have put out stay; else those of the authority inside. Pure. */
export function withRoots(object: Manifest, roots: string | undefined): Manifest {
  const data = object['data'] as Readonly<Record<string, string>> | undefined;
  const [key] = Object.keys(data ?? {});
  if (roots === undefined || key === undefined) return object;
  const secret = object.kind === 'Secret';
  const given = secret ? Buffer.from(data?.[key] ?? '', 'base64').toString() : (data?.[key] ?? '');
  if (certificatesIn(given).length > 0) return object;
  return { ...object, data: { [key]: secret ? Buffer.from(roots).toString('base64') : roots } };
}

function withoutField(object: Manifest, field: string): Manifest {
  const { [field]: _, ...rest } = object;
  return rest as Manifest;
}

interface Containers {
  readonly template?: { readonly spec?: { readonly containers?: readonly { readonly name: string }[] } };
}

type Fields = Readonly<Record<string, unknown>>;

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
