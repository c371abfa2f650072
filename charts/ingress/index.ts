import type { Component, ComponentProps } from '../component.js';
import { gateway } from './gateway/index.js';
import { ingressNginx } from './ingress-nginx/index.js';
import type { IngressKind } from './kind.js';
import { nginx } from './nginx/index.js';

const KINDS: Readonly<Record<string, IngressKind>> = { nginx, gateway, 'ingress-nginx': ingressNginx };

function kindOf({ plan }: ComponentProps): IngressKind {
  const kind = KINDS[plan.config.entrances.http.kind];
  if (kind === undefined) throw new RangeError(`no ingress "${plan.config.entrances.http.kind}"`);
  return kind;
}

/** What serves HTTP to everybody outside: admin, Grafana, web, each with verified TLS to its backend. */
export const ingress: Component = {
  name: 'ingress',
  stage: 'services',
  objects: (chart, props) => kindOf(props).objects(chart, props),
  releases: props => [kindOf(props).release(props)],
};
