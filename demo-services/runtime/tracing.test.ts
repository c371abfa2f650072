import { describe, expect, it } from 'vitest';
import { inSpan, passingThrough } from './span.js';
import { parseTraceparent } from './traceparent.js';
import { tracingOf } from './tracing.js';

const GIVEN = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

describe('a trace that nobody collects', () => {
  const env = {
    SERVICE_NAME: 'test',
    OTEL_EXPORTER_OTLP_ENDPOINT: undefined,
    OTEL_EXPORTER_OTLP_CERTIFICATE: undefined,
  };

  it('passes through as it came', async () => {
    expect(await tracingOf(env)).toBe(passingThrough);
    expect(passingThrough.start({ name: 'x', kind: 'server', parent: GIVEN }).traceparent).toBe(GIVEN);
  });

  it.each([
    undefined,
    '',
    'nonsense',
    `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
    `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`,
    `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    `${GIVEN}\r\nx: y`,
  ])('begins anew where %s was given', parent => {
    const { traceparent } = passingThrough.start({ name: 'x', kind: 'server', parent });
    expect(traceparent).not.toBe(parent);
    expect(parseTraceparent(traceparent)).toBeDefined();
  });

  it('lets an error through that ends a piece of work', async () => {
    const failing = inSpan(passingThrough, { name: 'x', kind: 'server' }, async () => {
      throw new RangeError('no');
    });
    await expect(failing).rejects.toThrow('no');
  });
});
