import { NAMESPACES } from '../../../platform/plan/index.js';
import type { IngressKind } from '../kind.js';
import { access } from './access.js';
import { routes } from './routes.js';
import { nginxValues } from './values.js';

/** F5's NGINX Ingress Controller, with open-source NGINX. */
export const nginx: IngressKind = {
  release: ({ plan }) => ({
    name: 'nginx-ingress',
    namespace: NAMESPACES.edge,
    // Not with the operators: it does not start without its certificate.
    stage: 'services',
    chart: 'nginx-ingress',
    version: '2.6.4',
    appVersion: '5.5.4',
    repository: 'oci://ghcr.io/nginx/charts',
    images: ['nginx/nginx-ingress:5.5.4'],
    values: nginxValues(plan),
  }),
  objects: (chart, props) => {
    access(chart, props.plan);
    routes(chart, props);
  },
};
