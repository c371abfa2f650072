import { certManager } from './cert-manager/index.js';
import { certificates } from './certificates/index.js';
import type { Component } from './component.js';
import { entrance } from './entrance/index.js';
import { externalSecrets } from './external-secrets/index.js';
import { gitops } from './gitops/index.js';
import { ingress } from './ingress/index.js';
import { issuers } from './issuers/index.js';
import { karpenter } from './karpenter/index.js';
import { keda } from './keda/index.js';
import { namespaces } from './namespaces/index.js';
import { networkPolicies } from './network-policies/index.js';
import { monitoringDefinitions, observability } from './observability/index.js';
import { priorityClasses } from './priority-classes/index.js';
import { pulsar } from './pulsar/component.js';
import { racks } from './racks/index.js';
import { secrets } from './secrets/index.js';
import { services } from './services/index.js';
import { storageClasses } from './storage-classes/index.js';
import { trust } from './trust/index.js';

/** Every component; within a stage they are applied in this order. */
export const COMPONENTS: readonly Component[] = [
  namespaces,
  storageClasses,
  priorityClasses,
  networkPolicies,
  certManager,
  externalSecrets,
  karpenter,
  keda,
  monitoringDefinitions,
  issuers,
  trust,
  secrets,
  certificates,
  observability,
  pulsar,
  racks,
  services,
  ingress,
  entrance,
  gitops,
];
