import { type Config, toSeconds } from '../config/index.js';
import type { CertificateRequest, Dial, Endpoint, Workload } from './types.js';

/**
 * One certificate for each workload that the graph needs one for: server auth when something of it is dialled, with
 * exactly the dialled names; client auth when it dials an endpoint that demands a certificate.
 */
export function certificatesOf(
  config: Config,
  workloads: readonly Workload[],
  endpoints: readonly Endpoint[],
  dials: readonly Dial[],
): CertificateRequest[] {
  const byId = new Map(endpoints.map(endpoint => [endpoint.id, endpoint]));
  return workloads.flatMap(({ name }) => {
    const serves = endpoints.filter(endpoint => endpoint.workload === name);
    const presents = dials.some(({ from, to }) => from === name && byId.get(to)?.tls === 'mutual');
    if (serves.length === 0 && !presents) return [];
    return [
      {
        workload: name,
        commonName: name,
        dnsNames: [...new Set(serves.flatMap(endpoint => endpoint.hostnames))].sort(),
        usages: [
          ...(serves.length > 0 ? (['server auth'] as const) : []),
          ...(presents ? (['client auth'] as const) : []),
        ],
        algorithm: config.tls.algorithm,
        durationSeconds: toSeconds(config.tls.leafDuration),
      },
    ];
  });
}
