import { ApiObject, type Chart } from 'cdk8s';
import { INGRESS, NAMESPACES, TRUST_NAME } from '../../../platform/plan/index.js';
import type { ComponentProps } from '../../component.js';
import { TRUST_KEY, trustedRoots } from '../../trust/index.js';
import { at } from '../edge.js';
import { type Backend, backendsOf, idleSeconds, type Site, sitesOf, VERIFY_DEPTH } from '../sites.js';
import { CLASS } from './values.js';

const CERTIFICATE = INGRESS['ingress-nginx'].secret;
const PREFIX = 'nginx.ingress.kubernetes.io';

/**
 * An Ingress for each backend of each site. It sees its own namespace only, so that backends stand there by their names
 * (ExternalName).
 */
export function routes(chart: Chart, { plan, outputs }: ComponentProps): void {
  const sites = sitesOf(plan);
  new ApiObject(chart, 'trust', {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: at(TRUST_NAME),
    data: { [TRUST_KEY]: Buffer.from(trustedRoots(outputs)).toString('base64') },
  });
  for (const { name, serverName, port } of backendsOf(sites)) {
    new ApiObject(chart, `backend-${name}`, {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: at(name),
      spec: { type: 'ExternalName', externalName: serverName, ports: [{ name: 'https', port }] },
    });
  }
  for (const site of sites) {
    for (const backend of backendsOf([site])) {
      const paths = site.routes
        .filter(({ backend: { name } }) => name === backend.name)
        .map(({ path }) => path);
      ingress(chart, nameOf(site, backend), site, backend, paths, {
        ...verified(backend, idleSeconds(plan)),
        [`${PREFIX}/proxy-body-size`]: `${site.bodyMiB}m`,
        ...(site.allow && { [`${PREFIX}/whitelist-source-range`]: site.allow.join(',') }),
      });
      if (site.closed.length > 0 && backend === site.routes[0]?.backend) {
        ingress(chart, `${site.name}-closed`, site, backend, site.closed, {
          ...verified(backend, idleSeconds(plan)),
          [`${PREFIX}/denylist-source-range`]: '0.0.0.0/0,::/0',
        });
      }
    }
  }
  classAccess(chart);
}

function nameOf({ name, routes: served }: Site, backend: Backend): string {
  return served[0]?.backend.name === backend.name ? name : `${name}-${backend.name}`;
}

/** TLS to the backend, with its certificate verified by the roots of the platform; waits long enough for live updates. */
function verified({ serverName, mutual }: Backend, idle: number): Record<string, string> {
  return {
    [`${PREFIX}/backend-protocol`]: 'HTTPS',
    // With a certificate to show, key and roots must be in one Secret: that of cert-manager.
    [`${PREFIX}/proxy-ssl-secret`]: `${NAMESPACES.edge}/${mutual ? CERTIFICATE : TRUST_NAME}`,
    [`${PREFIX}/proxy-ssl-verify`]: 'on',
    [`${PREFIX}/proxy-ssl-verify-depth`]: String(VERIFY_DEPTH),
    [`${PREFIX}/proxy-ssl-name`]: serverName,
    [`${PREFIX}/proxy-ssl-server-name`]: 'on',
    [`${PREFIX}/proxy-ssl-protocols`]: 'TLSv1.2 TLSv1.3',
    [`${PREFIX}/proxy-read-timeout`]: String(idle),
    [`${PREFIX}/proxy-send-timeout`]: String(idle),
    [`${PREFIX}/proxy-buffering`]: 'off',
  };
}

function ingress(
  chart: Chart,
  name: string,
  { host, authenticatedBy }: Site,
  { name: service, port }: Backend,
  paths: readonly string[],
  annotations: Readonly<Record<string, string>>,
): void {
  new ApiObject(chart, name, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      ...at(name),
      annotations: { ...annotations, 'platform/authenticated-by': authenticatedBy },
    },
    spec: {
      ingressClassName: CLASS,
      tls: [{ hosts: [host], secretName: CERTIFICATE }],
      rules: [
        {
          host,
          http: {
            paths: paths.map(path => ({
              path,
              pathType: 'Prefix',
              backend: { service: { name: service, port: { number: port } } },
            })),
          },
        },
      ],
    },
  });
}

/** The chart's Role names classes, which are in no namespace. */
function classAccess(chart: Chart): void {
  const metadata = { name: 'ingress-nginx-classes' };
  new ApiObject(chart, 'classes', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata,
    rules: [
      { apiGroups: ['networking.k8s.io'], resources: ['ingressclasses'], verbs: ['get', 'list', 'watch'] },
    ],
  });
  new ApiObject(chart, 'classes-binding', {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: metadata.name },
    subjects: [{ kind: 'ServiceAccount', name: 'ingress-nginx', namespace: NAMESPACES.edge }],
  });
}
