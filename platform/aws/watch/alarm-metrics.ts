import type { ClusterPlan } from '../../plan/index.js';

/** Alarms on one metric: targets of the load balancer for HTTP, and the public certificate. */
const SINGLE = 2;
/** Bytes out and in. */
const PER_NAT_GATEWAY = 2;
/** Bytes and operations, by a query over every instance. */
const PER_NODE = 2;

/** How many metrics the alarms of a plan look at: each is paid for, not each alarm. */
export function alarmMetrics({ config, entrances, network }: ClusterPlan, nodes: number): number {
  const ca = config.tls.issuer.kind === 'awsPrivateCa' ? 2 : 0;
  const nlb = entrances.some(({ kind }) => kind === 'nlb') ? 1 : 0;
  return SINGLE + ca + nlb + network.natZones.length * PER_NAT_GATEWAY + nodes * PER_NODE;
}
