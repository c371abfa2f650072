import type { Dial, ServicePlan } from './types.js';

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
