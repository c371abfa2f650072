import type { FastifyInstance } from 'fastify';
import type { Kysely } from 'kysely';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { errorFields, type Log } from '../runtime/log.js';
import type { Parts } from './parts.js';
import { OUTBOX_TOPICS, type Tables } from './tables.js';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What the front door tells of itself. */
export function gaugesOf(registry: Registry, log: Log) {
  const registers = [registry];
  const requests = new Histogram({
    name: 'web_request_seconds',
    help: 'How long requests took, by route and status; live pages and streams when they end',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  const sends = new Counter({
    name: 'web_sends_total',
    help: 'Messages that were taken in',
    registers,
  });
  const lag = new Histogram({
    name: 'web_fanout_lag_seconds',
    help: 'From the publication of a message to its event on the pages of this process',
    buckets: SECONDS,
    registers,
  });
  const startedAt = Date.now();
  return {
    sent: () => sends.inc(),
    /** What was published before this process began is not late by its fault. */
    told: (publishedAt: Date) => {
      if (publishedAt.getTime() >= startedAt)
        lag.observe(Math.max(0, Date.now() - publishedAt.getTime()) / 1_000);
    },
    /** Counts every request that the server answers. */
    watch: (app: FastifyInstance) => {
      app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
        const route = routeOptions.url ?? 'none';
        requests.observe({ method, route, status: String(reply.statusCode) }, reply.elapsedTime / 1_000);
      });
    },
    /** Asked when somebody scrapes. */
    ask: (parts: () => Parts | undefined) => {
      const labels = { labelNames: ['topic'] as const, registers };
      new Gauge({
        name: 'web_live_pages',
        help: 'Live pages of this process',
        registers,
        collect() {
          this.set(parts()?.hub.pages ?? 0);
        },
      });
      const age = new Gauge({
        name: 'web_outbox_age_seconds',
        help: 'How long the oldest message waits that the log lacks',
        ...labels,
      });
      new Gauge({
        name: 'web_outbox_messages',
        help: 'Messages that the log lacks',
        ...labels,
        async collect() {
          const db = parts()?.db;
          const rows = await (db && outboxOf(db))?.catch(error => {
            log.debug('outbox not counted', errorFields(error));
            return undefined;
          });
          this.reset();
          age.reset();
          if (rows === undefined) return;
          for (const topic of OUTBOX_TOPICS) {
            const { count = 0, oldest = Date.now() } = rows.find(row => row.topic === topic) ?? {};
            this.set({ topic }, Number(count));
            age.set({ topic }, Math.max(0, Date.now() - Number(oldest)) / 1_000);
          }
        },
      });
    },
  };
}

export type WebGauges = ReturnType<typeof gaugesOf>;

function outboxOf(db: Kysely<Tables>) {
  return db
    .selectFrom('web_outbox')
    .select(({ fn }) => ['topic', fn.countAll<number>().as('count'), fn.min('created_at').as('oldest')])
    .groupBy('topic')
    .execute();
}
