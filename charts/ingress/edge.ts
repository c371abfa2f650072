import { NAMESPACES, TIER_LABEL } from '../../platform/plan/index.js';

/** The nodes that the load balancers send to. */
export const EDGE_NODES = {
  nodeSelector: { [TIER_LABEL]: 'edge' },
  tolerations: [{ key: TIER_LABEL, operator: 'Equal', value: 'edge', effect: 'NoSchedule' }],
};

/** A new pod is ready on a node before the old one ends: its node port is never without one. */
export const ONE_MORE = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };

export const EDGE_RESOURCES = { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' } };

export const at = (name: string) => ({ name, namespace: NAMESPACES.edge });

/** One line a request, as JSON. Never the query: WebSocket clients may have their token in it. */
export const LOG_FIELDS = {
  time: '$time_iso8601',
  client: '$remote_addr',
  host: '$host',
  method: '$request_method',
  path: '$uri',
  status: '$status',
  bytes: '$body_bytes_sent',
  seconds: '$request_time',
  backend: '$upstream_addr',
} as const;
