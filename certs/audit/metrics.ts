import { Gauge, Registry } from 'prom-client';
import type { AuditRow } from './judge.js';

/** The audit as Prometheus text, for a textfile collector or a push gateway. */
export async function auditMetrics(rows: readonly AuditRow[]): Promise<string> {
  const registers = [new Registry()];
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name, help, labelNames, registers });
  const notAfter = gauge(
    'served_cert_not_after_seconds',
    'End of the certificate that an endpoint serves now, in seconds since 1970.',
    ['endpoint', 'protocol', 'pod'],
  );
  const skew = gauge(
    'served_cert_skew_seconds',
    'How much older the certificate that an endpoint serves is than the one issued last.',
    ['endpoint', 'protocol', 'pod'],
  );
  const dials = gauge(
    'served_cert_dial_accepted',
    'Whether a dial of the platform is accepted by both sides.',
    ['endpoint', 'from', 'pod'],
  );
  const negatives = gauge('served_cert_negative_refused', 'Whether what must be refused is refused.', [
    'endpoint',
    'probe',
    'pod',
  ]);
  for (const { endpoint: id, protocol, pod, ...row } of rows) {
    const endpoint = { endpoint: id, ...(pod !== undefined && { pod }) };
    if (row.notAfter !== null) {
      notAfter.set({ ...endpoint, protocol }, Date.parse(row.notAfter) / 1000);
      skew.set({ ...endpoint, protocol }, row.skewSeconds);
    }
    for (const from of row.trustedBy) dials.set({ ...endpoint, from }, 1);
    for (const from of Object.keys(row.refusedFor)) dials.set({ ...endpoint, from }, 0);
    // What was not shown has no value: neither 0 nor 1 would be true.
    for (const [probe, refused] of Object.entries(row.negatives))
      if (refused !== null) negatives.set({ ...endpoint, probe }, refused ? 1 : 0);
  }
  return Promise.all(registers.map(registry => registry.metrics())).then(texts => texts.join(''));
}
