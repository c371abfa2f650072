import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { execa } from 'execa';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { localAuthority, newLocalAuthority, requestCertificate } from '../../../certs/index.js';
import {
  type ApiServer,
  kubernetesAssets,
  startApiServer,
  withoutApiServer,
} from '../../../charts/testing/api-server.js';
import { kubernetesTools } from '../../../charts/testing/tools.js';
import { configOf, MINIMAL } from '../../config/testing/configs.js';
import { type Kubernetes, kubernetes, type Manifest } from '../../edges/kubernetes.js';
import { clientTls, openStateFolder } from '../../local/index.js';
import { makePlan } from '../../plan/index.js';
import type { Reach } from '../cluster/reach.js';
import { clusterTenants } from './cluster.js';

const { endpoints, state } = inject('platform');
const made = makePlan(configOf(MINIMAL), { target: 'cluster' });
/** Under a tenant of its own: other tests share the broker. */
const own = <T>(part: T): T =>
  JSON.parse(JSON.stringify(part).replaceAll(/\bvoice(?=\/|")/g, `t${process.pid}`)) as T;
const plan = {
  ...made,
  tenants: own(made.tenants),
  namespaces: own(made.namespaces),
  topics: own(made.topics),
};

describe.skipIf(kubernetesAssets === undefined)(`tenants of a cluster${withoutApiServer}`, () => {
  let server: ApiServer;
  let cluster: Kubernetes;
  let front: Server;
  const reach: Reach = async (pod, port) => {
    expect([pod.name, port]).toEqual(['pulsar-proxy-1', 8443]);
    return { host: '127.0.0.1', port: (front.address() as AddressInfo).port, close: async () => undefined };
  };
  const tenants = (verb: 'plan' | 'apply') => clusterTenants(verb, plan, cluster, reach);

  beforeAll(async () => {
    server = await startApiServer(kubernetesAssets ?? '');
    cluster = kubernetes(server);
    const material = await newLocalAuthority({ commonName: 'try', algorithm: 'ecdsa-p256' });
    const authority = await localAuthority(material);
    const issued = (workload: string) => {
      const wanted = plan.certificates.find(it => it.workload === workload);
      if (wanted === undefined) throw new RangeError(workload);
      return requestCertificate(authority, wanted);
    };
    const [proxy, operator] = await Promise.all([issued('proxy'), issued('operator')]);
    front = await startFront({ ca: material.root, cert: proxy.certificate, key: proxy.key });
    const folder = await openStateFolder(state);
    const token = await readFile(folder.token('operator'), 'utf8');
    for (const namespace of ['pulsar', 'clients'])
      await put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await put(
      secret('clients', 'operator-tls', { 'tls.crt': operator.certificate, 'tls.key': operator.key }),
    );
    await put(secret('pulsar', 'pulsar-token-operator', { TOKEN: token }));
    const bundle = { name: 'platform-trust', namespace: 'clients' };
    await put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: bundle, data: { 'ca.crt': material.root } });
  }, 120_000);
  afterAll(async () => {
    front?.close();
    await server?.stop();
  });
  const put = (object: object) => cluster.apply(object as Manifest, { force: true });

  it('wait for a proxy that is ready', async () => {
    await put(proxyPod('pulsar-proxy-0'));
    await expect(tenants('plan')).rejects.toMatchObject({ code: 'AdminUnreachable' });
  });

  it('are made as planned by the real broker, asked through a proxy by the certificate, roots and token of the cluster', async () => {
    await put(proxyPod('pulsar-proxy-1'));
    await ready(server, 'pulsar-proxy-1');
    const planned = await tenants('plan');
    expect(planned[0]).toEqual({ kind: 'createTenant', tenant: plan.tenants[0] });
    expect(await tenants('apply')).toEqual(planned);
    expect(await tenants('plan')).toEqual([]);
  }, 60_000);

  it('are not asked of a proxy that is somebody else', async () => {
    const other = await newLocalAuthority({ commonName: 'other', algorithm: 'ecdsa-p256' });
    const bundle = { name: 'platform-trust', namespace: 'clients' };
    await put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: bundle, data: { 'ca.crt': other.root } });
    await expect(tenants('plan')).rejects.toMatchObject({ code: 'AdminUnreachable' });
  }, 60_000);
});

/** Stands where Pulsar's proxy stands: mutual TLS of its own, and the client's token goes on to a broker. */
async function startFront({ ca, cert, key }: { ca: string; cert: string; key: string }): Promise<Server> {
  const folder = await openStateFolder(state);
  const dispatcher = new Agent({ connect: { ...(await clientTls(folder)) } });
  const broker = endpoints['broker/https']?.url ?? '';
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
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function secret(namespace: string, name: string, values: Readonly<Record<string, string>>) {
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data: Object.fromEntries(data) };
}

function proxyPod(name: string) {
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
