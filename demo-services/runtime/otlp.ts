import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { Tracing } from './span.js';
import { parseTraceparent, traceparentFrom } from './traceparent.js';
import { httpsAgent, type TrustFile } from './trust.js';

export interface OtlpProps {
  readonly service: string;
  /** Base of the collector's addresses; spans go to `/v1/traces` of it. */
  readonly endpoint: string;
  readonly trustFile: TrustFile;
}

/** What is left is sent within this time or not at all, ms. */
const LAST_MS = 3_000;

const KINDS = {
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;

/** Spans by OTLP over HTTP, in batches. A collector that is away costs nothing but the spans. */
export function otlpTracing({ service, endpoint, trustFile }: OtlpProps): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    ...(endpoint.startsWith('https:') && { httpAgentOptions: () => httpsAgent(trustFile) }),
  });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('voice-chat');
  return {
    collected: true,
    start: ({ name, kind, parent, attributes = {} }) => {
      const known = parseTraceparent(parent);
      const context = known ? trace.setSpanContext(ROOT_CONTEXT, { ...known, isRemote: true }) : ROOT_CONTEXT;
      const span = tracer.startSpan(name, { kind: KINDS[kind], attributes: { ...attributes } }, context);
      return {
        traceparent: traceparentFrom(span.spanContext()),
        end: code => {
          if (code !== undefined) {
            span.setAttribute('error.type', code);
            span.setStatus({ code: SpanStatusCode.ERROR, message: code });
          }
          span.end();
        },
      };
    },
    stop: () => Promise.race([provider.shutdown().catch(() => undefined), sleep(LAST_MS)]),
  };
}
