import { NAMESPACES } from '../../../platform/plan/index.js';
import type { IngressKind } from '../kind.js';
import { routes } from './routes.js';
import { ingressNginxValues } from './values.js';

/** ingress-nginx, retired in March 2026: only where the config says so, and never without a finding. */
export const ingressNginx: IngressKind = {
  release: ({ plan }) => ({
    name: 'ingress-nginx',
    namespace: NAMESPACES.edge,
    stage: 'services',
    chart: 'ingress-nginx',
    version: '4.15.1',
    appVersion: '1.15.1',
    repository: 'https://kubernetes.github.io/ingress-nginx',
    images: [
      'registry.k8s.io/ingress-nginx/controller:v1.15.1@sha256:594ceea76b01c592858f803f9ff4d2cb40542cae2060410b2c95f75907d659e1',
    ],
    values: ingressNginxValues(plan),
  }),
  objects: routes,
};
