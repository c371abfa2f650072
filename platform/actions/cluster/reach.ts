import type { Kubernetes } from '../../edges/kubernetes.js';
import { forwardPort } from '../../edges/port-forward.js';

/** A port of one pod, as it is dialled from here. */
export interface Reached {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

export type Reach = (
  pod: { readonly namespace: string; readonly name: string },
  port: number,
) => Promise<Reached>;

export interface ReachOptions {
  readonly kubeconfig?: string;
  readonly signal: AbortSignal;
}

/** Through the API server, as whoever the kubeconfig names. */
export function forwarding({ context }: Kubernetes, { kubeconfig, signal }: ReachOptions): Reach {
  const options = { context, signal, ...(kubeconfig !== undefined && { kubeconfig }) };
  return (pod, port) => forwardPort(pod, port, options);
}
