export { gatewayPassesPulsar, INGRESS, ingressOf } from './cluster/edge.js';
export {
  type ClusterNames,
  DELIVERY_GROUP,
  DELIVERY_MANAGER,
  ISSUER_NAME,
  KEY_SERVER,
  NAMESPACES,
  NODE_PORTS,
  PLATFORM_TAG,
  PULSAR_RELEASE,
  SOPS_APPLIED,
  sopsFolder,
  TIER_LABEL,
  TRUST_NAME,
} from './cluster/names.js';
export { PREEMPTIBLE_TAINT, ROOT_DISK_GIB, TAINTED_TIERS } from './cluster/network.js';
export { BOOKIE_CLIENT_OU, pulsarService, racksMatter, SUPER_USERS } from './cluster/pulsar.js';
export { keepSeconds, OWN_PATHS, SERVICE_PORT } from './cluster/services.js';
export { STORAGE_CLASSES } from './cluster/sizes.js';
export { TASK_FILES, TASK_FOLDER } from './cluster/task.js';
export type * from './cluster/types.js';
export { toDot, toMermaid } from './diagram.js';
export { type Hop, hopsOf } from './dials.js';
export { frontDoor, type ServiceFiles, serviceEnv } from './env.js';
export { BROKER_ROLE, type LocalPorts, OPERATOR_ROLE } from './local.js';
export type { Outputs } from './outputs.js';
export { makePlan, type PlanOptions } from './plan.js';
export { HOURS_PER_MONTH, INTERMEDIATE_LIFE, issuedPerMonth, PRIVATE_CA, perTier } from './private-ca.js';
export { producersRememberedMinutes, REPLAY_SUBSCRIPTION } from './tenants.js';
export { tokenIssuer } from './token-issuer.js';
export type * from './types.js';
export { type ZoneLoss, zoneLosses } from './zone-loss.js';
