import { newTraceparent, parseTraceparent } from './traceparent.js';

export interface SpanProps {
  /** Few names: what differs from one piece of work to the next is an attribute. */
  readonly name: string;
  readonly kind: 'server' | 'producer' | 'consumer' | 'internal';
  /** Traceparent of what this is a part of; what is none is passed over. @default - a trace of its own */
  readonly parent?: string | undefined;
  /** In OpenTelemetry's own names; never contents, keys or credentials. */
  readonly attributes?: Readonly<Record<string, string | number>>;
}

export interface Span {
  /** For those who go on with the work. */
  readonly traceparent: string;
  /** @param code why it failed. @default - it did not */
  end(code?: string): void;
}

/** Tells what a service does, piece by piece, where somebody collects that. */
export interface Tracing {
  /** Whether anybody collects: spares the work of finding out what nobody is told. */
  readonly collected: boolean;
  start(props: SpanProps): Span;
  /** Sends what is left. */
  stop(): Promise<void>;
}

/** Keeps a trace whole over services that tell nothing of it. */
export const passingThrough: Tracing = {
  collected: false,
  start: ({ parent }) => ({
    traceparent: parent !== undefined && parseTraceparent(parent) ? parent : newTraceparent(),
    end: () => undefined,
  }),
  stop: async () => undefined,
};

/** The span lasts for as long as the work, and fails with it. */
export async function inSpan<T>(
  tracing: Tracing,
  props: SpanProps,
  work: (traceparent: string) => Promise<T>,
): Promise<T> {
  const span = tracing.start(props);
  try {
    const done = await work(span.traceparent);
    span.end();
    return done;
  } catch (error) {
    span.end(error instanceof Error && 'code' in error ? String(error.code) : 'Unexpected');
    throw error;
  }
}
