import type { ClusterPlan } from '../../plan/index.js';

/** How many alarms a plan has: each is paid for. */
export function alarmCount({ config, entrances }: ClusterPlan): number {
  const always = 5;
  const ca = config.tls.issuer.kind === 'awsPrivateCa' ? 2 : 0;
  return always + ca + (entrances.some(({ kind }) => kind === 'nlb') ? 1 : 0);
}
