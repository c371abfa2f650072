import { type Config, toSeconds } from '../config/index.js';
import type { CertificateRequest, Graph } from './types.js';

/**
 * One certificate for each workload that the graph needs one for: server auth when something of it is dialled, with
 * exactly the dialled names; client auth when it dials an endpoint that demands a certificate.
 *
 * @param isOurs whether the platform issues for a workload; others bring certificates of their own
 */
export function certificatesOf(
  config: Config,
  { workloads, endpoints, dials }: Graph,
  isOurs: (workload: string) => boolean = () => true,
): CertificateRequest[] {
  const mutual = new Set(endpoints.filter(({ tls }) => tls === 'mutual').map(({ id }) => id));
  const presenters = new Map(workloads.map(({ name, presents }) => [name, presents ?? name]));
  const presenting = new Set(
    dials.filter(({ to }) => mutual.has(to)).map(({ from }) => presenters.get(from)),
  );
  return workloads
    .filter(({ name }) => isOurs(name))
    .flatMap(({ name }) => {
      const serves = endpoints.filter(endpoint => endpoint.workload === name);
      const presents = presenting.has(name);
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
