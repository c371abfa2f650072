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
    // The gateway makes the pods of Envoy itself, from the image that it was built with.
    images: ['docker.io/envoyproxy/envoy:distroless-v1.39.0', 'docker.io/envoyproxy/gateway:v1.9.0'],
    values: gatewayValues(plan),
  }),
  objects: (chart, { plan }) => {
    door(chart, plan);
    backends(chart, sitesOf(plan));
    routes(chart, plan);
  },
};
