import { createPublicKey, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { jwtVerify } from 'jose';
import type { Kubernetes } from '../../../edges/kubernetes.js';
import type { ClusterPlan } from '../../../plan/index.js';
import type { Reach } from '../../cluster/reach.js';
import type { Birth } from '../../cluster/testing/controllers.js';
import { NO_SUCH_TOPIC, UNAUTHENTICATED } from '../probed.js';
import { showTrust } from './trust.js';

export interface JudgesProps {
  readonly plan: ClusterPlan;
  readonly cluster: Kubernetes;
  readonly births: readonly Birth[];
  /** DER of the public key that the cluster shows now. */
  readonly shownKey: () => Promise<Buffer>;
}

export interface Judges {
  readonly reach: Reach;
  /** Has a pod know what it knows now, however often it is restarted, until the function that it returns is called. */
  keep(pod: string): () => void;
  stop(): Promise<void>;
}

const TICK_MS = 20;

/**
 * Stands in for what answers in the pods of brokers and proxies: whether a token is taken, over real TLS. As in Pulsar a pod
 * knows the one key that the cluster showed when it came.
 */
export async function playJudges({ plan, cluster, births, shownKey }: JudgesProps): Promise<Judges> {
  const { issued } = await showTrust(plan, cluster);
  const ofProxy = plan.certificates.find(({ workload }) => workload === 'proxy')?.dnsNames ?? [];
  const { certificate, key } = await issued('broker', ofProxy);
  const known = new Map<string, KeyObject>();
  const servers = new Map<string, Promise<Server>>();
  const kept = new Map<string, KeyObject | undefined>();
  let seen = 0;
  let going = true;
  const watch = (async () => {
    while (going) {
      const born = births.slice(seen);
      if (born.length > 0) {
        const publicKey = createPublicKey({ key: await shownKey(), format: 'der', type: 'spki' });
        for (const { pod } of born) known.set(pod, publicKey);
        seen += born.length;
      }
      await sleep(TICK_MS);
    }
  })();
  const takes = async (pod: string, { headers }: IncomingMessage) => {
    const publicKey = kept.get(pod) ?? known.get(pod);
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    if (publicKey === undefined) return false;
    return jwtVerify(token, publicKey).then(
      () => true,
      () => false,
    );
  };
  const serve = async (pod: string) => {
    const server = createServer({ cert: certificate, key }, async (request, response) => {
      response.writeHead((await takes(pod, request)) ? 200 : UNAUTHENTICATED).end();
    });
    server.on('upgrade', async (request, socket) => {
      const status = (await takes(pod, request)) ? NO_SUCH_TOPIC : UNAUTHENTICATED;
      socket.end(`HTTP/1.1 ${status} -\r\nconnection: close\r\n\r\n`);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return server;
  };
  return {
    reach: async ({ name }) => {
      while (seen < births.length) await sleep(TICK_MS);
      const server = servers.get(name) ?? serve(name);
      servers.set(name, server);
      const { port } = (await server).address() as AddressInfo;
      return { host: '127.0.0.1', port, close: async () => undefined };
    },
    keep: pod => {
      kept.set(pod, known.get(pod));
      return () => void kept.delete(pod);
    },
    stop: async () => {
      going = false;
      await watch;
      for (const server of servers.values()) (await server).close();
    },
  };
}
