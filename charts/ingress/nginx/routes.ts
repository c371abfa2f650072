import { ApiObject, type Chart } from 'cdk8s';
import { INGRESS, TRUST_NAME } from '../../../platform/plan/index.js';
import type { ComponentProps } from '../../component.js';
import { TRUST_KEY, trustedRoots } from '../../trust/index.js';
import { at } from '../edge.js';
import { type Backend, backendsOf, idleSeconds, type Site, sitesOf, VERIFY_DEPTH } from '../sites.js';
import { CLASS, LISTENER } from './values.js';

const API = 'k8s.nginx.org/v1';
const CERTIFICATE = INGRESS.nginx.secret;

/** A VirtualServer for each site, and a Policy for each backend by which its certificate is verified. */
export function routes(chart: Chart, { plan, outputs }: ComponentProps): void {
  const sites = sitesOf(plan);
  // The controller takes roots from a Secret of this type only.
  new ApiObject(chart, 'trust', {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'nginx.org/ca',
    metadata: at(TRUST_NAME),
    data: { [TRUST_KEY]: Buffer.from(trustedRoots(outputs)).toString('base64') },
  });
  for (const backend of backendsOf(sites)) {
    policy(chart, tlsTo(backend), {
      egressMTLS: {
        trustedCertSecret: TRUST_NAME,
        verifyServer: true,
        verifyDepth: VERIFY_DEPTH,
        serverName: true,
        sslName: backend.serverName,
        protocols: 'TLSv1.2 TLSv1.3',
        sessionReuse: true,
        ...(backend.mutual && { tlsSecret: CERTIFICATE }),
      },
    });
  }
  for (const site of sites) {
    if (site.allow) policy(chart, networksOf(site), { accessControl: { allow: site.allow } });
    virtualServer(chart, site, idleSeconds(plan));
  }
}

const tlsTo = ({ name }: Backend) => `tls-to-${name}`;
const networksOf = ({ name }: Site) => `networks-of-${name}`;

interface PolicySpec {
  readonly egressMTLS?: object;
  readonly accessControl?: { readonly allow: readonly string[] };
}

function policy(chart: Chart, name: string, spec: PolicySpec): void {
  new ApiObject(chart, name, {
    apiVersion: API,
    kind: 'Policy',
    metadata: at(name),
    spec: { ingressClassName: CLASS, ...spec },
  });
}

function virtualServer(chart: Chart, site: Site, idle: number): void {
  const { name, host, routes: served, closed, allow, authenticatedBy } = site;
  const notFound = { return: { code: 404, type: 'text/plain', body: 'not found' } };
  const open = new Set(served.map(({ path }) => path));
  new ApiObject(chart, name, {
    apiVersion: API,
    kind: 'VirtualServer',
    metadata: { ...at(name), annotations: { 'platform/authenticated-by': authenticatedBy } },
    spec: {
      ingressClassName: CLASS,
      host,
      listener: { https: LISTENER },
      tls: { secret: CERTIFICATE },
      ...(allow && { policies: [{ name: networksOf(site) }] }),
      upstreams: backendsOf([site]).map(backend => upstream(backend, site, idle)),
      routes: [
        ...served.map(({ path, backend }) => ({
          path: asFolder(path),
          policies: [{ name: tlsTo(backend) }],
          action: { pass: backend.name },
        })),
        ...closed.map(path => ({ path, action: notFound })),
        ...(open.has('/') ? [] : [{ path: '/', action: notFound }]),
      ],
    },
  });
}

/** `/admin/v2` → `/admin/v2/`: a prefix of NGINX would fit `/admin/v20` too. */
function asFolder(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}

function upstream({ name, namespace, service, port }: Backend, { bodyMiB }: Site, idle: number) {
  return {
    name,
    service: `${namespace}/${service}`,
    port,
    tls: { enable: true },
    // Live updates and WebSockets are silent for long.
    'read-timeout': `${idle}s`,
    'send-timeout': `${idle}s`,
    'client-max-body-size': `${bodyMiB}m`,
    buffering: false,
  };
}
