import { PlatformError } from '../../../errors.js';
import { NAMESPACES, pulsarService } from '../../../plan/index.js';
import { bookiesIn, SHELL_MEMORY, underReplicatedIn } from '../../scale/shell-output.js';
import type { Health, Known } from './gates.js';
import type { SetFact } from './machine.js';

/** Runs a command in a pod of the namespace; returns what it printed. */
export type Exec = (pod: string, command: readonly string[]) => Promise<string>;

const CERTIFICATES = '/pulsar/certs';

/**
 * How Pulsar does, asked in its own pods: each ZooKeeper for its part in the quorum, BookKeeper's shell for bookies and
 * copies, each broker's metrics for what waits.
 */
export async function pulsarHealth(sets: readonly SetFact[], exec: Exec): Promise<Health> {
  const set = (component: string) => sets.find(it => it.component === component);
  const [zookeeper, oxia, bookie, broker] = ['zookeeper', 'oxia-server', 'bookie', 'broker'].map(set);
  return {
    ...(zookeeper && {
      metadata: { members: zookeeper.replicas, serving: (await rolesOf(zookeeper, exec)).size },
    }),
    // What Oxia's own readiness says is all that it says.
    ...(oxia && {
      metadata: { members: oxia.replicas, serving: oxia.pods.filter(({ ready }) => ready).length },
    }),
    ...(bookie && { bookies: { replicas: bookie.replicas, ...(await bookieHealth(bookie, exec)) } }),
    ...(broker && { backlog: await backlogOf(broker, exec) }),
  };
}

/** The set with the pod that leads marked. */
export async function withLeader(set: SetFact, exec: Exec): Promise<SetFact> {
  const roles = await rolesOf(set, exec);
  return { ...set, pods: set.pods.map(pod => ({ ...pod, leads: roles.get(pod.name) === 'leader' })) };
}

/** Pod → its part in the quorum; one that has none is not there. */
async function rolesOf({ pods }: SetFact, exec: Exec): Promise<Map<string, string>> {
  const answers = await Promise.all(
    pods
      .filter(({ ready }) => ready)
      .map(
        async ({ name }) =>
          [name, roleIn(await exec(name, ['bash', '-c', askZookeeper(name)]).catch(() => ''))] as const,
      ),
  );
  return new Map(answers.flatMap(([name, role]) => (role === undefined ? [] : [[name, role] as const])));
}

/** What `srvr` says of a server's part in its quorum. One that only runs says none. Pure. */
export function roleIn(answer: string): string | undefined {
  return /^Mode: (leader|follower|observer|standalone)$/m.exec(answer)?.[1];
}

/** By the certificate of the pod, and under the name of it: the plain port is closed. */
function askZookeeper(pod: string): string {
  const host = `${pod}.${pulsarService('zookeeper-headless')}.${NAMESPACES.pulsar}.svc.cluster.local`;
  const tls = [
    ...[`-connect 127.0.0.1:2281 -servername ${host} -verify_hostname ${host} -verify_return_error`],
    ...[`-CAfile ${CERTIFICATES}/ca/ca.crt`],
    ...[`-cert ${CERTIFICATES}/zookeeper/tls.crt -key ${CERTIFICATES}/zookeeper/tls.key`],
  ];
  return `(echo srvr; sleep 1) | timeout 15 openssl s_client -quiet ${tls.join(' ')} 2>/dev/null`;
}

async function bookieHealth(
  { pods }: SetFact,
  exec: Exec,
): Promise<{ writable: Known; underReplicated: Known }> {
  const pod = pods.find(({ ready }) => ready);
  if (pod === undefined) {
    return { writable: 0, underReplicated: { unknown: 'no bookie is ready' } };
  }
  const shell = (...args: string[]) =>
    exec(pod.name, ['env', `BOOKIE_MEM=${SHELL_MEMORY}`, 'bin/bookkeeper', 'shell', ...args]);
  return {
    writable: await known(async () => bookiesIn(await shell('listbookies', '-rw')).length),
    underReplicated: await known(async () => underReplicatedIn(await shell('listunderreplicated', '-c'))),
  };
}

/** Every broker tells of the topics that it owns. */
async function backlogOf({ pods }: SetFact, exec: Exec): Promise<Known> {
  const ready = pods.filter(pod => pod.ready);
  if (ready.length === 0) return { unknown: 'no broker is ready' };
  return known(async () => {
    const answers = await Promise.all(ready.map(({ name }) => exec(name, ['bash', '-c', ASK_BROKER])));
    return Math.max(0, ...answers.map(largestBacklog));
  });
}

/** The image has no client for HTTP; 8080 answers inside of the pod, and needs no token for its metrics. */
const ASK_BROKER = [
  'exec 3<>/dev/tcp/127.0.0.1/8080',
  "printf 'GET /metrics/ HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3",
  "grep -E '^HTTP/|^pulsar_msg_backlog' <&3",
].join(' && ');

/** Messages that wait on the topic with the most, as a broker's metrics say. Pure. */
export function largestBacklog(answer: string): number {
  if (!/^HTTP\/1\.\d 200\b/m.test(answer)) {
    throw new PlatformError('ApiRefused', 'a broker does not tell its metrics', {
      saw: answer.slice(0, 100),
    });
  }
  const values = [...answer.matchAll(/^pulsar_msg_backlog\{[^}]*\} ([\d.eE+]+)/gm)].map(([, value]) =>
    Number(value),
  );
  return Math.max(0, ...values);
}

async function known(ask: () => Promise<number>): Promise<Known> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { unknown: `${error.message}${error.saw === undefined ? '' : ` (${error.saw})`}` };
  }
}
