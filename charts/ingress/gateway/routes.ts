import { ApiObject, type Chart } from 'cdk8s';
import { type ClusterPlan, gatewayPassesPulsar } from '../../../platform/plan/index.js';
import { at } from '../edge.js';
import { type Route, type Site, sitesOf } from '../sites.js';
import { backend, backendRef } from './backends.js';
import { ENVOY_API, GATEWAY, GATEWAY_API, HTTPS, PULSAR } from './door.js';

const NOT_FOUND = 'not-found';

/** An HTTPRoute for each site; what no rule fits is answered with 404. The proxy by TLS passthrough. */
export function routes(chart: Chart, plan: ClusterPlan): void {
  new ApiObject(chart, NOT_FOUND, {
    apiVersion: ENVOY_API,
    kind: 'HTTPRouteFilter',
    metadata: at(NOT_FOUND),
    spec: { directResponse: { statusCode: 404 } },
  });
  for (const site of sitesOf(plan)) {
    httpRoute(chart, site);
    limits(chart, site);
    if (site.allow) networks(chart, site.name, site.allow);
  }
  if (gatewayPassesPulsar(plan.config)) passthrough(chart, plan);
}

function httpRoute(chart: Chart, { name, host, routes: served, closed, authenticatedBy }: Site): void {
  new ApiObject(chart, name, {
    apiVersion: GATEWAY_API,
    kind: 'HTTPRoute',
    metadata: { ...at(name), annotations: { 'platform/authenticated-by': authenticatedBy } },
    spec: {
      parentRefs: [{ name: GATEWAY, sectionName: HTTPS }],
      hostnames: [host],
      rules: [
        ...served.map(rule),
        ...closed.map(path => ({ matches: [prefix(path)], filters: [answer404] })),
      ],
    },
  });
}

/** No time limit for the whole answer: live updates have no end. */
function rule({ path, backend: to }: Route) {
  return { matches: [prefix(path)], backendRefs: [backendRef(to)], timeouts: { request: '0s' } };
}

const prefix = (value: string) => ({ path: { type: 'PathPrefix', value } });

const answer404 = {
  type: 'ExtensionRef',
  extensionRef: { group: 'gateway.envoyproxy.io', kind: 'HTTPRouteFilter', name: NOT_FOUND },
};

const target = (kind: string, name: string) => [{ group: 'gateway.networking.k8s.io', kind, name }];

/** Envoy limits a body by holding it, which a WebSocket would never get out of. */
function limits(chart: Chart, { name, routes: served, bodyMiB }: Site): void {
  new ApiObject(chart, `limits-${name}`, {
    apiVersion: ENVOY_API,
    kind: 'BackendTrafficPolicy',
    metadata: at(name),
    spec: {
      targetRefs: target('HTTPRoute', name),
      timeout: { tcp: { connectTimeout: '5s' } },
      ...(served.every(({ path }) => path !== '/ws' && path !== '/') && {
        requestBuffer: { limit: `${bodyMiB}Mi` },
      }),
    },
  });
}

function networks(chart: Chart, name: string, clientCIDRs: readonly string[]): void {
  new ApiObject(chart, `networks-${name}`, {
    apiVersion: ENVOY_API,
    kind: 'SecurityPolicy',
    metadata: at(name),
    spec: {
      targetRefs: target('HTTPRoute', name),
      authorization: {
        defaultAction: 'Deny',
        rules: [{ name: 'networks', action: 'Allow', principal: { clientCIDRs } }],
      },
    },
  });
}

/** TLS ends at the proxy, which asks for the certificate of the client. */
function passthrough(chart: Chart, plan: ClusterPlan): void {
  const proxy = plan.endpoints.find(({ id }) => id === 'proxy/pulsar+ssl');
  if (proxy === undefined) return;
  const { port, hostnames } = proxy;
  backend(chart, PULSAR, { hostname: hostnames[0] ?? '', port });
  new ApiObject(chart, `route-${PULSAR}`, {
    apiVersion: GATEWAY_API,
    kind: 'TLSRoute',
    metadata: at(PULSAR),
    spec: {
      parentRefs: [{ name: GATEWAY, sectionName: PULSAR }],
      hostnames: [plan.names.hosts.pulsar],
      rules: [{ backendRefs: [backendRef({ name: PULSAR, port })] }],
    },
  });
}
