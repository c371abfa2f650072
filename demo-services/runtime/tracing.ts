import type { z } from 'zod';
import type { serviceEnv } from './env.js';
import { passingThrough, type Tracing } from './span.js';

type TracingEnv = Pick<
  z.output<typeof serviceEnv>,
  'SERVICE_NAME' | 'OTEL_EXPORTER_OTLP_ENDPOINT' | 'OTEL_EXPORTER_OTLP_CERTIFICATE'
>;

/** OpenTelemetry where an endpoint is given. Without one nothing of it is loaded, and traces only pass through. */
export async function tracingOf(env: TracingEnv): Promise<Tracing> {
  const { SERVICE_NAME: service, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = env;
  if (endpoint === undefined) return passingThrough;
  const { otlpTracing } = await import('./otlp.js');
  return otlpTracing({ service, endpoint, trustFile: env.OTEL_EXPORTER_OTLP_CERTIFICATE });
}
