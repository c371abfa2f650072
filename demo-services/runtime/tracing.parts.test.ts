import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { tracingOf } from './tracing.js';

const env = {
  SERVICE_NAME: 'test',
  OTEL_EXPORTER_OTLP_ENDPOINT: undefined,
  OTEL_EXPORTER_OTLP_CERTIFICATE: undefined,
};
const loaded = () =>
  Object.keys(createRequire(import.meta.url).cache).some(file => file.includes('@opentelemetry'));

it('nothing of OpenTelemetry is loaded where nobody collects', async () => {
  await (await tracingOf(env)).stop();
  expect(loaded()).toBe(false);
  const collected = await tracingOf({ ...env, OTEL_EXPORTER_OTLP_ENDPOINT: 'https://localhost:9' });
  expect(loaded()).toBe(true);
  await collected.stop();
});
