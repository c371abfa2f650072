import { ApiObject, type Chart } from 'cdk8s';
import { TRUST_NAME } from '../../../platform/plan/index.js';
import { TRUST_KEY } from '../../trust/index.js';
import { at } from '../edge.js';
import { type Backend, backendsOf, type Site } from '../sites.js';
import { ENVOY_API, GATEWAY_API } from './door.js';

/** Each backend by its name, and a policy by which its certificate is verified. */
export function backends(chart: Chart, sites: readonly Site[]): void {
  if (TRUST_KEY !== 'ca.crt') throw new RangeError('Gateway API takes roots from the key ca.crt');
  for (const { name, serverName, port } of backendsOf(sites)) {
    backend(chart, name, { hostname: serverName, port });
    new ApiObject(chart, `tls-to-${name}`, {
      apiVersion: GATEWAY_API,
      kind: 'BackendTLSPolicy',
      metadata: at(name),
      spec: {
        targetRefs: [{ group: 'gateway.envoyproxy.io', kind: 'Backend', name }],
        validation: {
          hostname: serverName,
          caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: TRUST_NAME }],
        },
      },
    });
  }
}

export function backend(chart: Chart, name: string, fqdn: { hostname: string; port: number }): void {
  new ApiObject(chart, `backend-${name}`, {
    apiVersion: ENVOY_API,
    kind: 'Backend',
    metadata: at(name),
    spec: { endpoints: [{ fqdn }] },
  });
}

export function backendRef({ name, port }: Pick<Backend, 'name' | 'port'>) {
  return { group: 'gateway.envoyproxy.io', kind: 'Backend', name, port };
}
