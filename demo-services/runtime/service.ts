import type { Server } from 'node:https';
import process from 'node:process';
import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { ServiceError } from '../errors.js';
import { type Environment, readEnv, serviceEnv } from './env.js';
import { errorFields, type Log, logTo } from './log.js';
import { type Metrics, metricsOf } from './metrics.js';
import { untilItWorks } from './retry.js';
import { serve } from './server.js';
import type { Tracing } from './span.js';
import { tracingOf } from './tracing.js';

export interface Context<Env> {
  readonly env: Env;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** Fires when the service is told to stop. */
  readonly signal: AbortSignal;
}

/** A service before it works. */
export interface Service {
  /** What it serves besides health, readiness and metrics. @default - nothing */
  routes?(app: FastifyInstance<Server>): Promise<void>;
  /** Tried again, while it fails for a reason that may pass. */
  start(): Promise<Running>;
}

/** A service that works. */
export interface Running {
  /** What is missing until it may be called ready. */
  missing(): Promise<readonly string[]>;
  /** Takes nothing new, lets running work end within the time, gives the rest back, closes its connections. */
  stop(timeoutMs: number): Promise<void>;
}

/** Beyond the time for running work, for closing what is closed quickly. */
const CLOSING_MS = 5_000;

/**
 * Runs a service until SIGTERM or SIGINT: serves health, readiness and metrics from the first moment, waits for what
 * it needs, stops gracefully. A second signal ends it at once. Exit codes: 0 stopped, 1 failed, 2 wrong environment.
 */
export async function runService<Schema extends z.ZodType>(
  schema: Schema,
  define: (context: Context<z.output<Schema>>) => Service,
  environment: Environment = process.env,
): Promise<void> {
  const log = logTo(environment['SERVICE_NAME'] ?? 'service', environment['LOG_LEVEL'] ?? 'info');
  const fail = (event: string, error: unknown, code = 1) => {
    log.error(event, errorFields(error));
    process.exit(code);
  };
  process.on('uncaughtException', error => fail('crashed', error));
  process.on('unhandledRejection', error => fail('crashed', error));

  const stopping = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (stopping.signal.aborted) process.exit(1);
      log.info('stopping', { signal: name });
      stopping.abort(new ServiceError('Stopping', `the service got ${name}`));
    });
  }

  try {
    const own = readEnv(serviceEnv, environment);
    const metrics = metricsOf(own.SERVICE_NAME);
    const tracing = await tracingOf(own);
    const context = { env: readEnv(schema, environment), log, metrics, tracing, signal: stopping.signal };
    await run(own, context, define(context));
    await tracing.stop();
    log.info('stopped');
    process.exit(0);
  } catch (error) {
    fail('failed', error, error instanceof ServiceError && error.code === 'EnvironmentInvalid' ? 2 : 1);
  }
}

async function run(
  own: z.output<typeof serviceEnv>,
  { log, signal, metrics }: Context<unknown>,
  service: Service,
): Promise<void> {
  let running: Running | undefined;
  const missing = async () => (signal.aborted ? ['stopping'] : ((await running?.missing()) ?? ['starting']));
  const server = await serve({
    host: own.HOST,
    port: own.PORT,
    trustedProxies: own.TRUSTED_PROXIES,
    keepAliveMs: own.KEEP_ALIVE_SECONDS * 1_000,
    tls: { certificate: own.TLS_CERTIFICATE_FILE, key: own.TLS_KEY_FILE },
    log,
    metrics,
    missing,
    routes: async app => service.routes?.(app),
  });
  log.info('listening', { port: server.port });
  const stopped = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve()));
  try {
    running = await untilItWorks(
      () => service.start(),
      signal,
      error => log.warn('cannot start yet', errorFields(error)),
    );
    log.info('started');
    await stopped;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  const timeoutMs = own.SHUTDOWN_SECONDS * 1_000;
  setTimeout(() => process.exit(1), timeoutMs + CLOSING_MS).unref();
  // Who serves others gives its last answers first; who works on messages can be watched until it has ended.
  if (service.routes) await server.close();
  await running?.stop(timeoutMs);
  await server.close();
}
