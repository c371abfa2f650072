import { KubeConfig, type KubernetesObject } from '@kubernetes/client-node';
import { z } from 'zod';
import { PlatformError } from '../errors.js';
import { isConflict, isNotFound, kubernetesError } from './kubernetes-errors.js';
import { restOf } from './kubernetes-rest.js';

/** Owner, by server-side apply, of every field that the kit writes. */
export const FIELD_MANAGER = 'platform';

/** Any object; the fields beside `metadata` are its kind's own. */
export type Manifest = KubernetesObject & Readonly<Record<string, unknown>>;

/** What names one object. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export interface ApplyOptions {
  /** Ask what would come of it, and write nothing. @default false */
  readonly dryRun?: boolean;
  /** Take fields over that somebody else owns. @default false */
  readonly force?: boolean;
  /** Write its status, and nothing else of it. @default - all but its status */
  readonly subresource?: 'status';
  /** Owner of the fields. @default - that of the connection */
  readonly manager?: string;
}

export interface RemoveOptions {
  /** Only the one with this uid. @default - whichever has the name */
  readonly uid?: string;
  /** What it owns stays, and belongs to nobody then; the object goes once that is so. @default false: that goes with it */
  readonly orphan?: boolean;
}

/** One cluster, through its API server. */
export interface Kubernetes {
  /** Context of the kubeconfig. */
  readonly context: string;
  /** Name of the cluster in the kubeconfig; `aws eks update-kubeconfig` writes its ARN. */
  readonly cluster: string;
  /** `1.36` */
  version(): Promise<string>;
  /**
   * Server-side apply; returns the object as it is then, or as it would be.
   *
   * @throws FieldOwnedByOther, ObjectInvalid, KindUnknown, ApiForbidden, ApiServerUnreachable
   */
  apply(object: Manifest, options?: ApplyOptions): Promise<Manifest>;
  read(ref: ObjectRef): Promise<Manifest | undefined>;
  /** @param labels label selector. @default - every object of the kind */
  list(apiVersion: string, kind: string, namespace?: string, labels?: string): Promise<Manifest[]>;
  /** Deletes it; returns whether it was there. */
  remove(ref: ObjectRef, options?: RemoveOptions): Promise<boolean>;
}

export interface KubernetesOptions {
  /** @default - KUBECONFIG, then ~/.kube/config */
  readonly kubeconfig?: string;
  /** @default - the current context */
  readonly context?: string;
  /** Owner of the fields that are written. @default 'platform' */
  readonly manager?: string;
}

/**
 * @throws KubeconfigMissing when it names no such context
 */
export function kubernetes({
  kubeconfig,
  context,
  manager = FIELD_MANAGER,
}: KubernetesOptions = {}): Kubernetes {
  const config = loadConfig(kubeconfig);
  const name = context ?? config.getCurrentContext();
  const chosen = config.getContextObject(name);
  if (chosen === null) {
    const known = config.getContexts().map(it => it.name);
    const message = name ? `no context "${name}" in the kubeconfig` : 'the kubeconfig names no context';
    throw new PlatformError('KubeconfigMissing', message, {
      ...(kubeconfig !== undefined && { where: kubeconfig }),
      saw: known.join(', ') || 'no context at all',
      refused: true,
    });
  }
  config.setCurrentContext(name);
  const rest = restOf(config);
  const server = config.getCurrentCluster()?.server ?? name;
  const asking = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw kubernetesError(error, what, server);
    }
  };

  return {
    context: name,
    cluster: chosen.cluster,
    version: () =>
      asking('version', async () => {
        const { major, minor } = versionSchema.parse(await rest.send('GET', '/version'));
        return `${major}.${minor}`.replace('+', '');
      }),
    apply: (object, { dryRun = false, force = false, subresource, manager: owner = manager } = {}) =>
      asking(refText(object), async () => {
        const query = new URLSearchParams({
          fieldManager: owner,
          fieldValidation: 'Strict',
          ...(force && { force: 'true' }),
          ...(dryRun && { dryRun: 'All' }),
        });
        const path = await rest.pathOf(object as ObjectRef);
        return (await rest.send(
          'PATCH',
          `${path}${subresource === undefined ? '' : `/${subresource}`}?${query}`,
          object,
          'application/apply-patch+yaml',
        )) as Manifest;
      }),
    read: ref =>
      asking(refText(ref), async () => {
        try {
          return (await rest.send('GET', await rest.pathOf(ref))) as Manifest;
        } catch (error) {
          if (isNotFound(error)) return undefined;
          throw error;
        }
      }),
    list: (apiVersion, kind, namespace, labels) =>
      asking(`${kind}s`, async () => {
        const path = await rest.pathOf({
          apiVersion,
          kind,
          ...(namespace !== undefined && { metadata: { namespace } }),
        });
        const query = labels === undefined ? '' : `?${new URLSearchParams({ labelSelector: labels })}`;
        const { items } = (await rest.send('GET', `${path}${query}`)) as { items: Manifest[] };
        // The items of a list carry no kind.
        return items.map(item => ({ ...item, apiVersion, kind }));
      }),
    remove: (ref, { uid, orphan = false } = {}) =>
      asking(`delete ${refText(ref)}`, async () => {
        const options = {
          propagationPolicy: orphan ? 'Orphan' : 'Background',
          ...(uid !== undefined && { preconditions: { uid } }),
        };
        try {
          await rest.send('DELETE', await rest.pathOf(ref), options);
          return true;
        } catch (error) {
          // Another one has its name by now.
          if (isNotFound(error) || (uid !== undefined && isConflict(error))) return false;
          throw error;
        }
      }),
  };
}

const versionSchema = z.object({ major: z.string(), minor: z.string() });

/** `Deployment services/web` */
export function refText({
  kind,
  metadata,
}: {
  kind?: string;
  metadata?: KubernetesObject['metadata'];
}): string {
  return `${kind} ${metadata?.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata?.name}`;
}

function loadConfig(file: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
  } catch (cause) {
    throw new PlatformError('KubeconfigMissing', 'the kubeconfig cannot be read', {
      where: file ?? 'KUBECONFIG',
      // What the library says of a file that holds nothing, or a word, is about itself.
      saw:
        cause instanceof TypeError ? 'no kubeconfig' : cause instanceof Error ? cause.message : String(cause),
      cause,
      refused: true,
    });
  }
  return config;
}
