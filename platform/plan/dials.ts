import type { Dial, Graph, ServicePlan } from './types.js';

/** Endpoints that services dial on a target. */
export interface ServiceEnds {
  readonly pulsar: string;
  /** Absent where the WebSocket API is off. */
  readonly websocket: string | undefined;
  readonly store: string;
  /** What the store knows a service by. */
  readonly storeIdentity: string;
}

/** The dials that follow from what a service does. */
export function dialsOf(service: ServicePlan, ends: ServiceEnds): Dial[] {
  const { name, produces, consumes, reads, writes, transcribes } = service;
  const topics = [
    ...consumes.map(({ topic }) => `consumes ${topic}`),
    ...produces.map(topic => `produces ${topic}`),
  ].join(', ');
  const objects = [
    ...reads.map(bucket => `reads ${bucket}`),
    ...writes.map(bucket => `writes ${bucket}`),
  ].join(', ');
  return [
    { from: name, to: ends.pulsar, as: name, why: `${topics} (native transport)` },
    ...(ends.websocket === undefined
      ? []
      : [{ from: name, to: ends.websocket, as: name, why: `${topics} (websocket transport)` }]),
    ...(objects ? [{ from: name, to: ends.store, as: ends.storeIdentity, why: objects }] : []),
    ...(transcribes ? [{ from: name, to: 'speech/https', as: 'speech', why: 'transcribes' }] : []),
  ];
}

/** A connection, from workload to workload, on the port on which the pods of the second one listen. */
export interface Hop {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly dial: Dial;
}

/** The connections that dials make: one each, and two where somebody passes it on. */
export function hopsOf({ dials, endpoints }: Pick<Graph, 'dials' | 'endpoints'>): Hop[] {
  return dials.flatMap((dial): Hop[] => {
    const endpoint = endpoints.find(({ id }) => id === dial.to);
    if (endpoint === undefined) return [];
    const { workload: to, port, listens = port } = endpoint;
    const { from, through } = dial;
    return through === undefined
      ? [{ from, to, port: listens, dial }]
      : [
          { from, to: through, port: listens, dial },
          { from: through, to, port: listens, dial },
        ];
  });
}
