import { NAMESPACES } from '../../../platform/plan/index.js';
import type { IngressKind } from '../kind.js';
import { sitesOf } from '../sites.js';
import { backends } from './backends.js';
import { door } from './door.js';
import { routes } from './routes.js';
import { gatewayValues } from './values.js';

/** Envoy Gateway, by Gateway API 1.6 and its own policies where that has none yet. */
export const gateway: IngressKind = {
  release: ({ plan }) => ({
    name: 'envoy-gateway',
    namespace: NAMESPACES.edge,
    // Not with the operators: its pods wait for their certificates. Its hook, which would make others, is not run.
    stage: 'services',
    chart: 'gateway-helm',
    version: 'v1.9.0',
    appVersion: 'v1.9.0',
    repository: 'oci://docker.io/envoyproxy',
    values: gatewayValues(plan),
  }),
  objects: (chart, { plan }) => {
    door(chart, plan);
    backends(chart, sitesOf(plan));
    routes(chart, plan);
  },
};
