import * as clients from './clients.js';
import * as cluster from './cluster.js';
import * as entrances from './entrances.js';
import * as fargate from './fargate.js';
import * as network from './network.js';
import * as pulsar from './pulsar.js';
import type { Rule } from './rule.js';
import * as secrets from './secrets.js';
import * as tenancy from './tenancy.js';
import * as tls from './tls.js';

export type { Problem, Rule } from './rule.js';

/** Every rule over a complete config, in the order in which findings are shown. */
export const RULES: readonly Rule[] = [
  network.regionIsSupported,
  network.regionIsKnown,
  network.zonesBelongToRegion,
  network.statefulZonesBelongToNetwork,
  network.addressesSuffice,
  network.networkIsPrivate,
  network.natSurvivesZone,
  network.namesFit,
  network.certificateCanHaveDomain,
  network.publicApiIsBounded,
  cluster.kubernetesIsSupported,
  cluster.somebodyGetsIn,
  cluster.instanceTypesFit,
  cluster.nodeBoundsAreOrdered,
  cluster.statefulTierHoldsItsPods,
  cluster.statelessNodesHoldTheirPods,
  pulsar.quorumIsOrdered,
  pulsar.bookiesHoldAnEnsemble,
  pulsar.zookeeperIsOdd,
  pulsar.oxiaIsTakenKnowingly,
  pulsar.promisedLossIsSurvived,
  pulsar.jvmsFitTheirPods,
  pulsar.retentionCoversReplay,
  clients.tenantsAreNamedOnce,
  clients.rolesAreTheirOwn,
  clients.rolesUseTopicsThatExist,
  clients.entranceServesItsRoles,
  tenancy.usersHaveTheirClients,
  tenancy.namespacesCanBeListed,
  tenancy.clusterHoldsItsTopics,
  tenancy.clientsFitTheStack,
  tls.leafFitsItsAuthority,
  tls.renewalFitsTheLeaf,
  tls.issuerHasItsAuthority,
  tls.letsEncryptCanProve,
  tls.letsEncryptIsAnswered,
  entrances.ingressIsMaintained,
  entrances.gatewayRunsOnKubernetes,
  entrances.entrancesAreBounded,
  entrances.websocketIsServed,
  entrances.wafFacesStrangers,
  entrances.scalingIsOrdered,
  fargate.taskHasItsDatabase,
  fargate.taskHasASize,
  fargate.taskReachesTheCluster,
  fargate.taskFindsItsSecrets,
  fargate.taskHasAnImage,
  secrets.sopsHasItsKey,
  secrets.sopsReachesTheCluster,
  entrances.backlogExists,
];
