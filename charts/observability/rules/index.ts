import type { ClusterPlan } from '../../../platform/plan/index.js';
import type { AlertGroup } from './alert.js';
import { bookkeeperAlerts } from './bookkeeper.js';
import { certificateAlerts } from './certificates.js';
import { clusterAlerts } from './cluster.js';
import { messageAlerts } from './messages.js';
import { serviceAlerts } from './services.js';

export type { Alert, AlertGroup } from './alert.js';

/** What is alarming, with the bounds that the plan gives. Each metric is one that the part really has. */
export function alertRules(plan: ClusterPlan): AlertGroup[] {
  return [
    { name: 'certificates', rules: certificateAlerts(plan) },
    { name: 'bookkeeper', rules: bookkeeperAlerts(plan) },
    { name: 'messages', rules: messageAlerts(plan) },
    { name: 'services', rules: serviceAlerts(plan) },
    { name: 'cluster', rules: clusterAlerts(plan) },
  ];
}
