import { z } from 'zod';
import { kubectl } from '../../edges/kubectl.js';
import type { Kubernetes, ObjectRef } from '../../edges/kubernetes.js';
import { PlatformError } from '../../errors.js';
import { NAMESPACES, pulsarService } from '../../plan/index.js';
import type { BookieFacts, ScaleState } from './machine.js';
import type { BookieCluster, ScaleStore } from './run.js';
import {
  bookiesIn,
  ledgersIn,
  ordinalOf,
  SHELL_MEMORY,
  siblingOf,
  underReplicatedIn,
} from './shell-output.js';

export interface KubectlProps {
  readonly kubernetes: Kubernetes;
  readonly kubeconfig?: string;
  readonly signal: AbortSignal;
}

const NAMESPACE = NAMESPACES.pulsar;
const BOOKIES = pulsarService('bookie');
/** It has all that a client of BookKeeper needs, and may dial bookies: no policy lets one bookie dial another. */
const CLIENT = `${pulsarService('recovery')}-0`;
/** Of the bookie's own admin server, which answers inside of its pod. */
const ADMIN_PORT = 8000;

/** Bookies under a StatefulSet: BookKeeper's shell in the pod of autorecovery, each bookie's own admin server in its pod. */
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
  const shell = (...args: string[]) =>
    exec(CLIENT, ['env', `BOOKIE_MEM=${SHELL_MEMORY}`, 'bin/bookkeeper', 'shell', ...args]);

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

  /** As its siblings are called: where names are others than we think, nothing is asked under a wrong one. */
  async function idOf(ordinal: number): Promise<string> {
    const [known] = bookiesIn(await shell('listbookies', '-rw'));
    if (known === undefined) {
      throw new PlatformError('ScaleUnreadable', 'no bookie takes writes', {
        want: 'a bookie that takes writes',
      });
    }
    ordinalOf(known);
    return siblingOf(known, ordinal);
  }

  return {
    facts: async () => {
      const count = await replicas();
      return factsIn({
        replicas: count,
        writable: await shell('listbookies', '-rw'),
        readOnly: await shell('listbookies', '-ro'),
        known: await shell('listbookies', '-a'),
        underReplicated: await shell('listunderreplicated', '-c'),
        ledgers: await shell('listledgers', '-bookieid', await idOf(count - 1)),
      });
    },
    setReadOnly: async (ordinal, readOnly) => {
      const body = JSON.stringify({ readOnly });
      await exec(`${BOOKIES}-${ordinal}`, ['bash', '-c', putTo('/api/v1/bookie/state/readonly', body)]);
    },
    drain: async ordinal => {
      await shell('recover', '-force', await idOf(ordinal));
    },
    retireCookie: async ordinal => {
      await shell('cookie_delete', await idOf(ordinal));
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

/** What the shell printed when it was asked. */
export interface ShellAnswers {
  readonly replicas: number;
  readonly writable: string;
  readonly readOnly: string;
  /** Those whose cookie is there. */
  readonly known: string;
  readonly underReplicated: string;
  /** Of the bookie that leaves next: the others are not asked for. */
  readonly ledgers: string;
}

/** Pure. */
export function factsIn({ replicas, ledgers, underReplicated, ...answers }: ShellAnswers): BookieFacts {
  const ordinals = (output: string) => new Set(bookiesIn(output).map(ordinalOf));
  const [writable, readOnly, known] = [answers.writable, answers.readOnly, answers.known].map(ordinals);
  const held = ledgersIn(ledgers).length;
  return {
    replicas,
    bookies: [...Array(replicas).keys()].map(ordinal => ({
      ordinal,
      state: writable?.has(ordinal) ? 'writable' : readOnly?.has(ordinal) ? 'readOnly' : 'down',
      cookie: known?.has(ordinal) ?? false,
      ledgers: ordinal === replicas - 1 ? held : 0,
    })),
    underReplicated: underReplicatedIn(underReplicated),
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
