import { z } from 'zod';
import { kubectl } from '../../edges/kubectl.js';
import type { Kubernetes, ObjectRef } from '../../edges/kubernetes.js';
import { PlatformError } from '../../errors.js';
import { NAMESPACES, pulsarService } from '../../plan/index.js';
import type { BookieFacts, ScaleState } from './machine.js';
import type { BookieCluster, ScaleStore } from './run.js';
import { bookiesIn, ledgersIn, ordinalOf } from './shell-output.js';

export interface KubectlProps {
  readonly kubernetes: Kubernetes;
  readonly kubeconfig?: string;
  readonly signal: AbortSignal;
}

const NAMESPACE = NAMESPACES.pulsar;
const BOOKIES = pulsarService('bookie');
const TOOLSET = `${pulsarService('toolset')}-0`;
/** Of the bookie's own admin server, which answers inside of its pod. */
const ADMIN_PORT = 8000;

/** Bookies under a StatefulSet: BookKeeper's shell in the toolset pod, each bookie's own admin server in its pod. */
export function kubectlBookies({ kubernetes, kubeconfig, signal }: KubectlProps): BookieCluster {
  const set: ObjectRef = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: BOOKIES, namespace: NAMESPACE },
  };
  const exec = (pod: string, command: readonly string[]) =>
    kubectl(['exec', '-n', NAMESPACE, pod, '--', ...command], {
      signal,
      ...(kubeconfig !== undefined && { kubeconfig }),
      context: kubernetes.context,
    });
  const shell = (...args: string[]) => exec(TOOLSET, ['bin/bookkeeper', 'shell', ...args]);

  async function replicas(): Promise<number> {
    const found = await kubernetes.read(set);
    if (found === undefined) {
      throw new PlatformError('ScaleRefused', 'there are no bookies in this cluster', {
        where: `${NAMESPACE}/${BOOKIES}`,
        refused: true,
      });
    }
    return z.object({ replicas: z.int() }).parse(found['spec']).replicas;
  }

  /** The name under which a bookie has registered; that of its pod when it is not there. */
  const idOf = (ordinal: number) => `${BOOKIES}-${ordinal}.${BOOKIES}.${NAMESPACE}.svc.cluster.local:3181`;

  return {
    facts: async (): Promise<BookieFacts> => {
      const count = await replicas();
      const [writable, readOnly, cookies, under] = await Promise.all([
        shell('listbookies', '-rw').then(bookiesIn),
        shell('listbookies', '-ro').then(bookiesIn),
        shell('listbookies', '-a').then(bookiesIn),
        shell('listunderreplicated').then(ledgersIn),
      ]);
      const has = (ids: readonly string[], ordinal: number) => ids.map(ordinalOf).includes(ordinal);
      const last = count - 1;
      const ledgers = await shell('listledgers', '-bookieid', idOf(last)).then(ledgersIn);
      return {
        replicas: count,
        bookies: [...Array(count).keys()].map(ordinal => ({
          ordinal,
          state: has(writable, ordinal) ? 'writable' : has(readOnly, ordinal) ? 'readOnly' : 'down',
          cookie: has(cookies, ordinal),
          // Only the one that leaves next is asked for.
          ledgers: ordinal === last ? ledgers.length : 0,
        })),
        underReplicated: under.length,
      };
    },
    setReadOnly: async (ordinal, readOnly) => {
      const body = JSON.stringify({ readOnly });
      await exec(`${BOOKIES}-${ordinal}`, ['bash', '-c', putTo('/api/v1/bookie/state/readonly', body)]);
    },
    drain: async ordinal => {
      await shell('recover', '-force', idOf(ordinal));
    },
    retireCookie: async ordinal => {
      await shell('cookie_delete', idOf(ordinal));
    },
    scale: async count => {
      await kubectl(['scale', '-n', NAMESPACE, `statefulset/${BOOKIES}`, `--replicas=${count}`], {
        signal,
        ...(kubeconfig !== undefined && { kubeconfig }),
        context: kubernetes.context,
      });
    },
  };
}

/** An HTTP request by bash alone: the image has no client for it. */
function putTo(path: string, body: string): string {
  const request = `PUT ${path} HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\nContent-Length: ${body.length}\\r\\n\\r\\n`;
  return [
    `exec 3<>/dev/tcp/127.0.0.1/${ADMIN_PORT}`,
    `printf '${request}%s' '${body}' >&3`,
    'read -r _ status _ <&3',
    '[ "$status" = 200 ]',
  ].join(' && ');
}

const stateSchema = z.strictObject({
  version: z.literal(1),
  to: z.int(),
  leaving: z.strictObject({ ordinal: z.int(), until: z.iso.datetime() }).exactOptional(),
  reverting: z.boolean().exactOptional(),
});

/** The state of a change in a ConfigMap, where the next person finds it too. */
export function configMapStore(kubernetes: Kubernetes): ScaleStore {
  const ref: ObjectRef = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'platform-scale-bookies', namespace: NAMESPACE },
  };
  return {
    read: async () => {
      const found = await kubernetes.read(ref);
      const { state } = (found?.['data'] ?? {}) as { readonly state?: string };
      return state === undefined ? undefined : stateSchema.parse(JSON.parse(state));
    },
    write: async (state: ScaleState) => {
      await kubernetes.apply({ ...ref, data: { state: JSON.stringify(state) } });
    },
    remove: async () => {
      await kubernetes.remove(ref);
    },
  };
}
