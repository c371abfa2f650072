import type { Dial, Endpoint, Graph, PlainListener, Pods, Workload } from '../types.js';

/** A part of the dial graph: what one room of the cluster adds to it. */
export type Part = Partial<Graph>;

export function join(parts: readonly Part[]): Graph {
  return {
    workloads: parts.flatMap(({ workloads = [] }) => workloads),
    endpoints: parts.flatMap(({ endpoints = [] }) => endpoints),
    dials: parts.flatMap(({ dials = [] }) => dials),
    plainListeners: parts.flatMap(({ plainListeners = [] }) => plainListeners),
  };
}

export function dial(from: string, to: string, as: string, why: string): Dial {
  return { from, to, as, why };
}

interface EndpointProps extends Pick<Endpoint, 'hostnames' | 'port' | 'listens'> {
  /** @default 'mutual' */
  readonly tls?: Endpoint['tls'];
  readonly path?: string;
}

export function endpoint(workload: string, protocol: Endpoint['protocol'], props: EndpointProps): Endpoint {
  return { id: `${workload}/${protocol}`, workload, protocol, tls: 'mutual', ...props };
}

/** Pods of an operator or service that follows the recommended label. */
export function named(name: string, namespace: string, serviceAccount = name): Pods {
  return { namespace, serviceAccount, labels: { 'app.kubernetes.io/name': name } };
}

/** Fully qualified name of a Service. */
export function serviceHost(service: string, namespace: string): string {
  return `${service}.${namespace}.svc.cluster.local`;
}

/** Metrics without TLS or probes, fenced. */
export function metrics(workload: string, port: number, why: string, scraped: boolean): PlainListener {
  return {
    workload,
    port,
    why,
    fencedBy: scraped ? 'NetworkPolicy: Prometheus and kubelet only' : 'NetworkPolicy: kubelet only',
    dialledBy: scraped ? ['prometheus'] : [],
    probed: true,
  };
}

export function operator(name: string, does: string, pods: Pods): Workload {
  return { name, kind: 'operator', does, pods };
}
