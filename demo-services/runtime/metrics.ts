import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** From a picture to ten minutes of speech. */
const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export interface Metrics {
  readonly registry: Registry;
  /** Messages that came to an end, by outcome (`done` or `failed`) and code. */
  readonly messages: Counter<'outcome' | 'code'>;
  /** Attempts that failed and are made again, by code. */
  readonly retries: Counter<'code'>;
  /** Seconds in one stage of the work: fetch, decode, transcribe, … */
  readonly stages: Histogram<'stage'>;
  readonly inFlight: Gauge;
  readonly ready: Gauge;
  /** When the certificate that is served ends, seconds since 1970. */
  readonly certificateExpiry: Gauge;
  /** Answers but for those to probes and scrapers, by class of status: `2xx`. */
  readonly answers: Counter<'status'>;
}

export function metricsOf(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    messages: new Counter({
      name: 'service_messages_total',
      help: 'Messages that came to an end, by outcome and code',
      labelNames: ['outcome', 'code'],
      registers,
    }),
    retries: new Counter({
      name: 'service_retries_total',
      help: 'Attempts that failed for a reason that may pass, by code',
      labelNames: ['code'],
      registers,
    }),
    stages: new Histogram({
      name: 'service_stage_seconds',
      help: 'Seconds spent in a stage of the work',
      labelNames: ['stage'],
      buckets: SECONDS,
      registers,
    }),
    inFlight: new Gauge({ name: 'service_in_flight', help: 'Messages being worked on', registers }),
    ready: new Gauge({ name: 'service_ready', help: '1 when every dependency answers', registers }),
    certificateExpiry: new Gauge({
      name: 'service_certificate_expiry_timestamp_seconds',
      help: 'When the certificate that is served ends',
      registers,
    }),
    answers: new Counter({
      name: 'service_http_requests_total',
      help: 'Answers but for those to probes and scrapers, by class of status',
      labelNames: ['status'],
      registers,
    }),
  };
}
