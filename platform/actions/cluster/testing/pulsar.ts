import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { execa } from 'execa';
import { Agent, request } from 'undici';
import { inject } from 'vitest';
import { localAuthority, newLocalAuthority, requestCertificate } from '../../../../certs/index.js';
import { type ApiServer, startApiServer } from '../../../../charts/testing/api-server.js';
import { kubernetesTools } from '../../../../charts/testing/tools.js';
import { configOf, MINIMAL } from '../../../config/testing/configs.js';
import { type Kubernetes, kubernetes, type Manifest } from '../../../edges/kubernetes.js';
import { pulsarAdmin } from '../../../edges/pulsar-admin.js';
import { clientTls, openStateFolder } from '../../../local/index.js';
import { type ClusterPlan, makePlan } from '../../../plan/index.js';
import type { Reach } from '../reach.js';

export const PROXY_POD = 'pulsar-proxy-1';

/** Pulsar in a cluster, as far as a machine without one has it. */
export interface PulsarInCluster {
  readonly cluster: Kubernetes;
  readonly kubeconfig: string;
  readonly reach: Reach;
  /** By hand, as somebody does who does not use the kit. */
  admin(method: 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<void>;
  put(object: object): Promise<unknown>;
  proxyPod(name: string, options: { readonly ready: boolean }): Promise<void>;
  /** Has the cluster trust these roots. */
  trust(roots: string): Promise<void>;
  stop(): Promise<void>;
}

/** A local platform behind it. */
export interface RealBroker {
  /** URL of its admin API and gateway. */
  readonly broker: string;
  /** Its state folder. */
  readonly state: string;
}

/** The smallest cluster, under a tenant of its own: other tests share the broker. */
export function ownPlan(tenant: string): ClusterPlan {
  const made = makePlan(configOf(MINIMAL), { target: 'cluster' });
  const own = <T>(part: T): T =>
    JSON.parse(JSON.stringify(part).replaceAll(/\bvoice(?=\/|")/g, `${tenant}${process.pid}`)) as T;
  return {
    ...made,
    tenants: own(made.tenants),
    namespaces: own(made.namespaces),
    topics: own(made.topics),
  };
}

/**
 * A real API server that holds the operator's certificate, token and roots, and before the real local broker something
 * that stands where Pulsar's proxy stands, with a certificate of the cluster's own.
 */
export async function startPulsarInCluster(
  assets: string,
  plan: ClusterPlan,
  { broker, state }: RealBroker = {
    broker: inject('platform').endpoints['broker/https']?.url ?? '',
    state: inject('platform').state,
  },
): Promise<PulsarInCluster> {
  const server = await startApiServer(assets);
  const cluster = kubernetes(server);
  const put = (object: object) => cluster.apply(object as Manifest, { force: true });
  const trust = async (roots: string) => {
    for (const namespace of ['clients', 'services']) {
      const metadata = { name: 'platform-trust', namespace };
      await put({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'ca.crt': roots } });
    }
  };
  const material = await newLocalAuthority({ commonName: 'try', algorithm: 'ecdsa-p256' });
  const authority = await localAuthority(material);
  const issued = (workload: string) => {
    const wanted = plan.certificates.find(it => it.workload === workload);
    if (wanted === undefined) throw new RangeError(workload);
    return requestCertificate(authority, wanted);
  };
  const [proxy, operator, web] = await Promise.all(['proxy', 'operator', 'web'].map(issued));
  if (proxy === undefined || operator === undefined || web === undefined) throw new RangeError('no workload');
  const front = await startFront(
    { ca: material.root, cert: proxy.certificate, key: proxy.key },
    broker,
    state,
  );
  const folder = await openStateFolder(state);
  const [token, tokenOfWeb] = await Promise.all(
    ['operator', 'web'].map(role => readFile(folder.token(role), 'utf8')),
  );
  for (const namespace of ['pulsar', 'clients', 'services'])
    await put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await put(secret('clients', 'operator-tls', { 'tls.crt': operator.certificate, 'tls.key': operator.key }));
  await put(secret('pulsar', 'pulsar-token-operator', { TOKEN: token ?? '' }));
  await put(secret('services', 'web-tls', { 'tls.crt': web.certificate, 'tls.key': web.key }));
  await put(secret('services', 'web-token', { token: tokenOfWeb ?? '' }));
  await trust(material.root);
  return {
    ...{ cluster, put, trust, kubeconfig: server.kubeconfig },
    admin: async (method, path, body) => {
      const admin = pulsarAdmin({
        ...{ url: broker, tls: await clientTls(folder) },
        token: async () => token ?? '',
      });
      await admin.send(method, path, body);
      await admin.close();
    },
    reach: async (pod, port) => {
      if (pod.name !== PROXY_POD || port !== 8443) throw new RangeError(`${pod.name}:${port}`);
      return { host: '127.0.0.1', port: (front.address() as AddressInfo).port, close: async () => undefined };
    },
    proxyPod: async (name, options) => {
      await put(proxyPod(plan, name));
      if (options.ready) await ready(server, name);
    },
    stop: async () => {
      front.close();
      await server.stop();
    },
  };
}

/** Stands where Pulsar's proxy stands: mutual TLS of its own, and the client's token goes on to a broker. */
async function startFront(
  { ca, cert, key }: { ca: string; cert: string; key: string },
  broker: string,
  state: string,
): Promise<Server> {
  const folder = await openStateFolder(state);
  const dispatcher = new Agent({ connect: { ...(await clientTls(folder)) } });
  const tls = { ca, cert, key, requestCert: true, rejectUnauthorized: true };
  const server = createServer(tls, (asked, answer) => {
    const { authorization = '', 'content-type': type } = asked.headers;
    const method = (asked.method ?? 'GET') as 'GET' | 'PUT' | 'POST' | 'DELETE';
    const headers = { authorization, ...(type !== undefined && { 'content-type': type }) };
    request(`${broker}${asked.url}`, {
      ...{ method, dispatcher, headers },
      body: method === 'GET' || type === undefined ? null : asked,
    })
      .then(({ statusCode, body }) => {
        answer.statusCode = statusCode;
        return body.pipe(answer);
      })
      .catch(() => answer.writeHead(502).end());
  });
  server.on(
    'upgrade',
    (asked, socket) => void upgrade(asked, socket, broker, state).catch(() => socket.destroy()),
  );
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** A WebSocket goes through as it is: the gateway is the broker's. */
async function upgrade(asked: IncomingMessage, socket: Duplex, broker: string, state: string): Promise<void> {
  const { hostname, port } = new URL(broker);
  const tls = await clientTls(await openStateFolder(state));
  const through = connect({ ...tls, host: hostname, port: Number(port) });
  await once(through, 'secureConnect');
  const headers = asked.rawHeaders.map((it, i) => (i % 2 === 0 ? `${it}: ` : `${it}\r\n`)).join('');
  through.write(`GET ${asked.url} HTTP/1.1\r\n${headers}\r\n`);
  through.on('error', () => socket.destroy()).pipe(socket);
  socket.on('error', () => through.destroy()).pipe(through);
}

function secret(namespace: string, name: string, values: Readonly<Record<string, string>>) {
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data: Object.fromEntries(data) };
}

function proxyPod(plan: ClusterPlan, name: string) {
  const { namespace = '', labels = {} } = plan.workloads.find(it => it.name === 'proxy')?.pods ?? {};
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels } },
    spec: { automountServiceAccountToken: false, containers: [{ name: 'proxy', image: 'proxy:try' }] },
  };
}

/** As a kubelet says it. */
async function ready({ kubeconfig }: ApiServer, name: string): Promise<void> {
  const { kubectl } = await kubernetesTools();
  const status = { status: { conditions: [{ type: 'Ready', status: 'True' }] } };
  await execa(kubectl, [
    ...['patch', 'pod', name, '--namespace', 'pulsar', '--kubeconfig', kubeconfig],
    ...['--subresource', 'status', '--type', 'merge', '--patch', JSON.stringify(status)],
  ]);
}
