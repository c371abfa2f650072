import { describe, expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../platform/config/testing/configs.js';
import { type ClusterPlan, makePlan } from '../../platform/plan/index.js';
import { valueAt } from '../helm/shape.js';
import { type KubernetesObject, kubernetesArtifacts, placeholderOutputs } from '../index.js';
import { pulsarRelease } from '../pulsar/index.js';
import { backendsOf, namespacesOf, sitesOf } from './sites.js';

const KINDS = ['nginx', 'gateway', 'ingress-nginx'] as const;

const FARGATE = `web: { runOn: fargate, image: registry.example.com/web:1 }
services: { database: { kind: postgres, host: db.example.com } }
`;

function planOf(http: string, more = ''): ClusterPlan {
  const config = configOf(`${MINIMAL}entrances: { http: { ${http} } }\n${more}`);
  return makePlan(config, { target: 'cluster' });
}

function made(plan: ClusterPlan, component = 'ingress'): readonly KubernetesObject[] {
  const { manifests } = kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
  return manifests.find(it => it.component === component)?.objects ?? [];
}

const ofKind = (objects: readonly KubernetesObject[], ...kinds: string[]) =>
  objects.filter(({ kind }) => kinds.includes(kind));

describe('the sites', () => {
  it('are the dials of the ingress controller, each to its backend by the name of its certificate', () => {
    for (const plan of [
      planOf('kind: nginx, websocket: true', 'pulsar: { websocket: broker }'),
      planOf('', FARGATE),
    ]) {
      const dialled = plan.dials.flatMap(({ from, to }) =>
        from === 'ingress' && to !== 'kubernetes/https' ? [to.split('/')[0]] : [],
      );
      const backends = backendsOf(sitesOf(plan));
      expect(backends.map(({ name }) => name).sort()).toEqual([...new Set(dialled)].sort());
      for (const { name, serverName } of backends) {
        const served = plan.certificates.find(({ workload }) => workload === name);
        expect(served?.dnsNames, name).toContain(serverName);
      }
    }
  });

  it('are each behind somebody who asks for a credential', () => {
    const plan = planOf('kind: nginx');
    const secretsOf = (name: string) => plan.services.find(service => service.name === name)?.secrets;
    const asks: Readonly<Record<string, boolean>> = {
      web: secretsOf('web')?.includes('session-key') ?? false,
      thread: secretsOf('thread')?.includes('internal-key') ?? false,
      admin: ['authentication', 'authorization'].every(
        what => valueAt(pulsarRelease(plan).values, ['auth', what, 'enabled']) === true,
      ),
      grafana: plan.secrets.some(({ id }) => id === 'grafana-admin'),
    };
    for (const { name, authenticatedBy } of [...sitesOf(plan), ...sitesOf(planOf('', FARGATE))]) {
      expect([name, asks[name]]).toEqual([name, true]);
      expect(authenticatedBy).not.toBe('');
    }
  });

  it('show admin and Grafana to their networks only, thread to the VPC, and no path beyond the admin API', () => {
    const plan = planOf('adminAllow: [203.0.113.0/24]');
    const allow = Object.fromEntries(sitesOf(plan).map(site => [site.name, site.allow]));
    expect(allow).toEqual({ web: undefined, admin: ['203.0.113.0/24'], grafana: ['203.0.113.0/24'] });
    const admin = sitesOf(plan).find(({ name }) => name === 'admin');
    expect(admin?.routes.map(({ path }) => path)).toEqual(['/admin/v2', '/admin/v3', '/lookup/v2']);
    expect(sitesOf(planOf('', FARGATE)).find(({ name }) => name === 'thread')?.allow).toEqual([
      '10.0.0.0/16',
    ]);
  });

  it('serve WebSocket clients by word of the config only, at whoever serves that API', () => {
    const ws = (plan: ClusterPlan) =>
      sitesOf(plan).flatMap(({ routes }) => routes.filter(({ path }) => path === '/ws'));
    expect(ws(planOf(''))).toEqual([]);
    expect(ws(planOf('websocket: true'))).toMatchObject([{ backend: { name: 'proxy' } }]);
    const atBroker = planOf('websocket: true', 'pulsar: { websocket: broker }');
    expect(ws(atBroker)).toMatchObject([{ backend: { name: 'broker' } }]);
  });

  it('leave web on Fargate to the load balancer, and lead it to thread', () => {
    expect(sitesOf(planOf('', FARGATE)).map(({ name }) => name)).toEqual(['thread', 'admin', 'grafana']);
  });
});

describe.each(KINDS)('every ingress, here %s,', kind => {
  const plan = planOf(`kind: ${kind}, websocket: true`, 'pulsar: { websocket: broker }');
  const objects = made(plan);
  const sites = sitesOf(plan);

  it('makes its objects in its own namespace, but for what may read the backends', () => {
    const elsewhere = objects.filter(
      ({ metadata }) => metadata.namespace !== undefined && metadata.namespace !== 'edge',
    );
    expect([...new Set(elsewhere.map(({ kind: of }) => of))].sort()).toEqual(
      kind === 'nginx' ? ['Role', 'RoleBinding'] : [],
    );
    for (const { metadata } of elsewhere) expect(namespacesOf(sites)).toContain(metadata.namespace);
  });

  it('has one release in the same namespace, in the stage after its certificate', () => {
    const { releases } = kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
    const own = releases.filter(({ namespace }) => namespace === 'edge');
    expect(own.map(({ stage }) => stage)).toEqual(['services']);
    expect(JSON.stringify(own)).not.toMatch(/"type":"LoadBalancer"|latest/);
    const order = plan.stages.map(({ name }) => name);
    expect(order.indexOf('services')).toBeGreaterThan(order.indexOf('secrets'));
  });

  it('names the Secret that the plan asks a certificate for, with the names by which it is dialled', () => {
    const request = plan.certificates.find(({ workload }) => workload === 'ingress');
    const names = plan.endpoints.find(({ id }) => id === 'ingress/https')?.hostnames ?? [];
    expect(request?.dnsNames).toEqual([...names].sort());
    expect(request?.usages).toContain('client auth');
    const { releases } = kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
    const all = JSON.stringify([objects, releases.filter(({ namespace }) => namespace === 'edge')]);
    expect(all).toMatch(new RegExp(`"(edge/)?${request?.secret?.name}"`));
  });

  it('lets connections be silent as long as the load balancer does', () => {
    const { releases } = kubernetesArtifacts({ plan, outputs: placeholderOutputs(plan) });
    const all = JSON.stringify([objects, releases.filter(({ namespace }) => namespace === 'edge')]);
    expect(all).toMatch(
      /"(proxy-)?(read-timeout|streamIdleTimeout|nginx\.ingress\.kubernetes\.io\/proxy-read-timeout)":"900s?"/,
    );
    expect(all).toMatch(/"(keepalive-timeout|keep-alive|idleTimeout)":"960s?"/);
    expect(all).not.toContain('$request_uri');
    expect(all).not.toContain('$args');
  });

  it('never switches verification off', () => {
    expect(JSON.stringify(objects)).not.toMatch(
      /insecure|"verifyServer":false|proxy-ssl-verify":"off"|snippet/i,
    );
  });
});

describe('the ingress by F5', () => {
  const plan = planOf('kind: nginx, websocket: true', 'pulsar: { websocket: broker }');
  const objects = made(plan);
  const policies = new Map(ofKind(objects, 'Policy').map(object => [object.metadata.name, object['spec']]));

  it('verifies every backend that a route leads to, and shows its certificate where one is asked', () => {
    const mutual = new Set<string>();
    for (const server of ofKind(objects, 'VirtualServer')) {
      const { routes, upstreams } = server['spec'] as VirtualServer;
      for (const { action, policies: used = [] } of routes.filter(route => route.action.pass)) {
        const upstream = upstreams.find(({ name }) => name === action.pass);
        expect(upstream?.tls).toEqual({ enable: true });
        const [namespace, service] = upstream?.service.split('/') ?? [];
        const egress = used.map(({ name }) => valueAt(policies.get(name), ['egressMTLS'])).filter(Boolean);
        expect(egress).toEqual([
          expect.objectContaining({
            verifyServer: true,
            serverName: true,
            sslName: `${service}.${namespace}.svc.cluster.local`,
            trustedCertSecret: 'platform-trust',
            protocols: 'TLSv1.2 TLSv1.3',
          }),
        ]);
        if (valueAt(egress[0], ['tlsSecret']) === 'ingress-tls') mutual.add(action.pass ?? '');
      }
    }
    expect([...mutual].sort()).toEqual(['broker', 'proxy']);
    expect(ofKind(objects, 'Secret')).toMatchObject([
      { type: 'nginx.org/ca', metadata: { name: 'platform-trust', namespace: 'edge' } },
    ]);
  });

  it('serves each host by TLS alone, and answers every other path with 404', () => {
    for (const { spec } of ofKind(objects, 'VirtualServer')) {
      const { listener, tls, routes } = spec as VirtualServer;
      expect(listener).toEqual({ https: 'https' });
      expect(tls).toEqual({ secret: 'ingress-tls' });
      const root = routes.find(({ path }) => path === '/');
      expect(root).toBeDefined();
      for (const { action, path } of routes)
        expect(action.pass !== undefined || action.return?.code === 404, path).toBe(true);
    }
    const hosts = ofKind(objects, 'VirtualServer').map(({ spec }) => (spec as VirtualServer).host);
    expect(hosts.sort()).toEqual([...(plan.entrances[0]?.hostnames ?? [])].sort());
  });

  it('closes probes and metrics of web, and lets the networks of the config to admin and Grafana', () => {
    const of = (name: string) =>
      ofKind(objects, 'VirtualServer').find(({ metadata }) => metadata.name === name)?.[
        'spec'
      ] as VirtualServer;
    for (const path of ['/metrics', '/health', '/ready'])
      expect(of('web').routes.find(route => route.path === path)?.action.return?.code).toBe(404);
    expect(of('web').policies).toBeUndefined();
    for (const name of ['admin', 'grafana']) {
      const networks = of(name).policies?.map(policy => policies.get(policy.name));
      expect(networks).toEqual([
        { ingressClassName: 'nginx', accessControl: { allow: plan.config.entrances.http.adminAllow } },
      ]);
    }
  });
});

interface VirtualServer {
  readonly host: string;
  readonly listener: object;
  readonly tls: object;
  readonly policies?: readonly { readonly name: string }[];
  readonly upstreams: readonly { readonly name: string; readonly service: string; readonly tls: object }[];
  readonly routes: readonly {
    readonly path: string;
    readonly policies?: readonly { readonly name: string }[];
    readonly action: { readonly pass?: string; readonly return?: { readonly code: number } };
  }[];
}

describe('the gateway', () => {
  const plan = planOf('kind: gateway, websocket: true', 'pulsar: { websocket: broker }');
  const objects = made(plan);

  it('verifies every backend of an HTTPRoute, by the roots of the platform and its name', () => {
    const tls = new Map(
      ofKind(objects, 'BackendTLSPolicy').map(({ spec }) => [
        (spec as { targetRefs: { name: string }[] }).targetRefs[0]?.name,
        spec,
      ]),
    );
    const ends = new Map(ofKind(objects, 'Backend').map(({ metadata, spec }) => [metadata.name, spec]));
    const refs = ofKind(objects, 'HTTPRoute').flatMap(({ spec }) =>
      (spec as { rules: { backendRefs?: { name: string }[] }[] }).rules.flatMap(
        ({ backendRefs = [] }) => backendRefs,
      ),
    );
    expect(refs.length).toBeGreaterThan(4);
    for (const { name } of refs) {
      const [end] = (ends.get(name) as { endpoints: { fqdn: { hostname: string } }[] }).endpoints;
      expect(tls.get(name)).toMatchObject({
        validation: {
          hostname: end?.fqdn.hostname,
          caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'platform-trust' }],
        },
      });
    }
    expect(ofKind(objects, 'EnvoyProxy')[0]?.['spec']).toMatchObject({
      backendTLS: { clientCertificateRef: { name: 'envoy' } },
    });
  });

  it('ends TLS for HTTP without asking for a name, and passes Pulsar on by its name, to the proxy', () => {
    const listeners = valueAt(ofKind(objects, 'Gateway')[0]?.['spec'], ['listeners']);
    expect(listeners).toMatchObject([
      { protocol: 'HTTPS', port: 443, tls: { mode: 'Terminate' } },
      { protocol: 'TLS', port: 6651, hostname: 'pulsar.voice.example.com', tls: { mode: 'Passthrough' } },
    ]);
    expect(listeners).not.toMatchObject([{ hostname: expect.anything() }, {}]);
    expect(ofKind(objects, 'TLSRoute')).toMatchObject([
      {
        apiVersion: 'gateway.networking.k8s.io/v1',
        spec: { rules: [{ backendRefs: [{ name: 'pulsar', port: 6651 }] }] },
      },
    ]);
    const alone = made(
      makePlan(configOf(`${MINIMAL}entrances: { http: { kind: gateway }, pulsar: { kind: service } }`), {
        target: 'cluster',
      }),
    );
    expect(ofKind(alone, 'TLSRoute')).toEqual([]);
  });

  it('has node ports for its two listeners, those that the load balancers send to', () => {
    const service = valueAt(ofKind(objects, 'EnvoyProxy')[0]?.['spec'], [
      'provider',
      'kubernetes',
      'envoyService',
    ]);
    expect(service).toMatchObject({
      type: 'NodePort',
      externalTrafficPolicy: 'Local',
      patch: {
        value: { spec: { ports: plan.entrances.map(({ port, nodePort }) => ({ port, nodePort })) } },
      },
    });
  });

  it('lets the networks of the config to admin and Grafana, and refuses all others', () => {
    expect(ofKind(objects, 'SecurityPolicy').map(({ metadata }) => metadata.name)).toEqual([
      'admin',
      'grafana',
    ]);
    for (const { spec } of ofKind(objects, 'SecurityPolicy')) {
      expect(spec).toMatchObject({
        authorization: {
          defaultAction: 'Deny',
          rules: [{ action: 'Allow', principal: { clientCIDRs: ['10.0.0.0/16'] } }],
        },
      });
    }
  });
});

describe('ingress-nginx', () => {
  const plan = planOf('kind: ingress-nginx, websocket: true', 'pulsar: { websocket: broker }');
  const objects = made(plan);

  it('has the same verified TLS to every backend, by annotations', () => {
    const services = new Map(
      ofKind(objects, 'Service').map(({ metadata, spec }) => [
        metadata.name,
        valueAt(spec, ['externalName']),
      ]),
    );
    const ingresses = ofKind(objects, 'Ingress');
    expect(ingresses.length).toBeGreaterThan(3);
    for (const { metadata, spec } of ingresses) {
      const { rules, tls } = spec as IngressSpec;
      const [backend] = rules.flatMap(({ http }) => http.paths.map(path => path.backend.service.name));
      const annotation = (name: string) => metadata.annotations?.[`nginx.ingress.kubernetes.io/${name}`];
      expect(annotation('backend-protocol')).toBe('HTTPS');
      expect(annotation('proxy-ssl-verify')).toBe('on');
      expect(annotation('proxy-ssl-server-name')).toBe('on');
      expect(annotation('proxy-ssl-name')).toBe(services.get(backend ?? ''));
      const mutual = ['proxy', 'broker'].includes(backend ?? '');
      expect(annotation('proxy-ssl-secret')).toBe(mutual ? 'edge/ingress-tls' : 'edge/platform-trust');
      expect(tls).toMatchObject([{ secretName: 'ingress-tls' }]);
    }
  });

  it('lets nobody to the probes and metrics of web, and its networks to admin and Grafana', () => {
    const annotations = (name: string) =>
      ofKind(objects, 'Ingress').find(({ metadata }) => metadata.name === name)?.metadata.annotations ?? {};
    expect(annotations('web-closed')['nginx.ingress.kubernetes.io/denylist-source-range']).toBe(
      '0.0.0.0/0,::/0',
    );
    for (const name of ['admin', 'admin-broker', 'grafana'])
      expect(annotations(name)['nginx.ingress.kubernetes.io/whitelist-source-range']).toBe('10.0.0.0/16');
  });
});

interface IngressSpec {
  readonly tls: readonly object[];
  readonly rules: readonly {
    readonly http: {
      readonly paths: readonly { readonly backend: { readonly service: { readonly name: string } } }[];
    };
  }[];
}
