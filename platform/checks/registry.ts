import { balancerAnnotationIgnored } from './across/balancer-annotation-ignored.js';
import { binaryBehindL7 } from './across/binary-behind-l7.js';
import { bookiesFewerThanEnsemble } from './across/bookies-fewer-than-ensemble.js';
import { entranceOpenToWorld } from './across/entrance-open-to-world.js';
import { idleBelowKeepAlive } from './across/idle-below-keep-alive.js';
import { imageTagFloats } from './across/image-tag-floats.js';
import { ingressNginxRetired } from './across/ingress-nginx-retired.js';
import { leafTooLongForCa } from './across/leaf-too-long-for-ca.js';
import { oldTlsProtocol } from './across/old-tls-protocol.js';
import { oxiaPlaintext } from './across/oxia-plaintext.js';
import { pdbBlocksDrain } from './across/pdb-blocks-drain.js';
import { pdbBreaksQuorum } from './across/pdb-breaks-quorum.js';
import { quorumDisordered } from './across/quorum-disordered.js';
import { renewBeforeUnfit } from './across/renew-before-unfit.js';
import { renewalWithoutRetry } from './across/renewal-without-retry.js';
import { sanMissing } from './across/san-missing.js';
import { secretInPlain } from './across/secret-in-plain.js';
import { tlsEndsAtBalancer } from './across/tls-ends-at-balancer.js';
import { zonalDiskImmediate } from './across/zonal-disk-immediate.js';
import { zookeeperEven } from './across/zookeeper-even.js';
import { CERTIFICATE_PAGES } from './config/certificates.js';
import { ENTRANCE_PAGES } from './config/entrances.js';
import { NETWORK_PAGES } from './config/network.js';
import { NODE_PAGES } from './config/nodes.js';
import { PULSAR_PAGES } from './config/pulsar.js';
import { SECRET_PAGES } from './config/secrets.js';
import { ackTimeoutBelowWork } from './objects/ack-timeout-below-work.js';
import { certificateBySubPath } from './objects/certificate-by-sub-path.js';
import { certificateNameTooLong } from './objects/certificate-name-too-long.js';
import { certificateUsagesMissing } from './objects/certificate-usages-missing.js';
import { clientDialsPlaintext } from './objects/client-dials-plaintext.js';
import { dialBlocked } from './objects/dial-blocked.js';
import { diskCannotGrow } from './objects/disk-cannot-grow.js';
import { diskUnencrypted } from './objects/disk-unencrypted.js';
import { ingressIssuerUnfit } from './objects/ingress-issuer-unfit.js';
import { issuerSecretWithoutCa } from './objects/issuer-secret-without-ca.js';
import { namespaceUnfenced } from './objects/namespace-unfenced.js';
import { pcaIssuerMemory } from './objects/pca-issuer-memory.js';
import { podSecurityViolated } from './objects/pod-security-violated.js';
import { policyBlocksDns } from './objects/policy-blocks-dns.js';
import { policyBlocksProbe } from './objects/policy-blocks-probe.js';
import { roleReadsEverySecret } from './objects/role-reads-every-secret.js';
import { secretMissing } from './objects/secret-missing.js';
import { serviceSelectsNothing } from './objects/service-selects-nothing.js';
import { verificationSwitchedOff } from './objects/verification-switched-off.js';
import { GROUPS, type Rule } from './rule.js';
import { apiOpenToWorld } from './templates/api-open-to-world.js';
import { balancerKillsNodes } from './templates/balancer-kills-nodes.js';
import { bucketTakesPlainHttp } from './templates/bucket-takes-plain-http.js';
import { dataDeletedWithStack } from './templates/data-deleted-with-stack.js';
import { fargateWithoutEgress } from './templates/fargate-without-egress.js';
import { iamTooBroad } from './templates/iam-too-broad.js';
import { nodeMetadataV1 } from './templates/node-metadata-v1.js';
import { nodePortsOpen } from './templates/node-ports-open.js';
import { podIdentityOrphan } from './templates/pod-identity-orphan.js';
import { podIdentityTrust } from './templates/pod-identity-trust.js';
import { roleBroaderThanDials } from './templates/role-broader-than-dials.js';
import { statefulGroupSpansZones } from './templates/stateful-group-spans-zones.js';
import { targetGroupPlaintext } from './templates/target-group-plaintext.js';
import { zoneWithoutNodes } from './templates/zone-without-nodes.js';
import { ackedOnce } from './values/acked-once.js';
import { anonymousRole } from './values/anonymous-role.js';
import { antiAffinityOff } from './values/anti-affinity-off.js';
import { authenticationOff } from './values/authentication-off.js';
import { authenticationProviderRemoved } from './values/authentication-provider-removed.js';
import { authorizationOff } from './values/authorization-off.js';
import { autoscalingToOne } from './values/autoscaling-to-one.js';
import { backlogEvicted } from './values/backlog-evicted.js';
import { bookiePlaintextWrites } from './values/bookie-plaintext-writes.js';
import { brokerClientPlaintext } from './values/broker-client-plaintext.js';
import { brokerPlaintext } from './values/broker-plaintext.js';
import { caRekeyed } from './values/ca-rekeyed.js';
import { cacheBeyondDirect } from './values/cache-beyond-direct.js';
import { CHART_SHAPE } from './values/chart-shape.js';
import { clientCertificateNotAsked } from './values/client-certificate-not-asked.js';
import { hardeningUndone } from './values/hardening-undone.js';
import { hardeningWithoutEffect } from './values/hardening-without-effect.js';
import { hostnameUnverified } from './values/hostname-unverified.js';
import { imageMajorOther } from './values/image-major-other.js';
import { initJobRepeated } from './values/init-job-repeated.js';
import { issuerSecretUnnamed } from './values/issuer-secret-unnamed.js';
import { journalSharesDisk } from './values/journal-shares-disk.js';
import { journalUnsynced } from './values/journal-unsynced.js';
import { jvmExceedsMemory } from './values/jvm-exceeds-memory.js';
import { jwtGenerated } from './values/jwt-generated.js';
import { localStorage } from './values/local-storage.js';
import { managerExposed } from './values/manager-exposed.js';
import { metadataPrefixWithTls } from './values/metadata-prefix-with-tls.js';
import { metricsRefused } from './values/metrics-refused.js';
import { offloaderMissing } from './values/offloader-missing.js';
import { oneZoneAcks } from './values/one-zone-acks.js';
import { persistenceOff } from './values/persistence-off.js';
import { plaintextEntrance } from './values/plaintext-entrance.js';
import { proxyPlaintext } from './values/proxy-plaintext.js';
import { proxyRoleUnchecked } from './values/proxy-role-unchecked.js';
import { proxyWaitsPlaintext } from './values/proxy-waits-plaintext.js';
import { recoveryMissing } from './values/recovery-missing.js';
import { recoveryPlaintext } from './values/recovery-plaintext.js';
import { requestBelowJvm } from './values/request-below-jvm.js';
import { restartStampede } from './values/restart-stampede.js';
import { singleCopy } from './values/single-copy.js';
import { spreadSelectsNothing } from './values/spread-selects-nothing.js';
import { superUserForService } from './values/super-user-for-service.js';
import { tlsHalf } from './values/tls-half.js';
import { tlsOff } from './values/tls-off.js';
import { tlsVerificationOff } from './values/tls-verification-off.js';
import { upgradeHookUnderGitops } from './values/upgrade-hook-under-gitops.js';
import { websocketUnauthorized } from './values/websocket-unauthorized.js';
import { zookeeperPlaintext } from './values/zookeeper-plaintext.js';
import { zookeeperQuorumPlaintext } from './values/zookeeper-quorum-plaintext.js';
import { zookeeperQuorumStale } from './values/zookeeper-quorum-stale.js';

const ALL: readonly Rule[] = [
  ...NETWORK_PAGES,
  ...NODE_PAGES,
  ...PULSAR_PAGES,
  ...SECRET_PAGES,
  ...CERTIFICATE_PAGES,
  ...ENTRANCE_PAGES,
  ...CHART_SHAPE,
  balancerAnnotationIgnored,
  binaryBehindL7,
  bookiesFewerThanEnsemble,
  entranceOpenToWorld,
  idleBelowKeepAlive,
  imageTagFloats,
  ingressNginxRetired,
  leafTooLongForCa,
  oldTlsProtocol,
  oxiaPlaintext,
  pdbBlocksDrain,
  pdbBreaksQuorum,
  quorumDisordered,
  renewBeforeUnfit,
  renewalWithoutRetry,
  sanMissing,
  secretInPlain,
  tlsEndsAtBalancer,
  zonalDiskImmediate,
  zookeeperEven,
  ackTimeoutBelowWork,
  certificateBySubPath,
  certificateNameTooLong,
  certificateUsagesMissing,
  clientDialsPlaintext,
  dialBlocked,
  diskCannotGrow,
  diskUnencrypted,
  ingressIssuerUnfit,
  issuerSecretWithoutCa,
  namespaceUnfenced,
  pcaIssuerMemory,
  podSecurityViolated,
  policyBlocksDns,
  policyBlocksProbe,
  roleReadsEverySecret,
  secretMissing,
  serviceSelectsNothing,
  verificationSwitchedOff,
  apiOpenToWorld,
  balancerKillsNodes,
  bucketTakesPlainHttp,
  dataDeletedWithStack,
  fargateWithoutEgress,
  iamTooBroad,
  nodeMetadataV1,
  nodePortsOpen,
  podIdentityOrphan,
  podIdentityTrust,
  roleBroaderThanDials,
  statefulGroupSpansZones,
  targetGroupPlaintext,
  zoneWithoutNodes,
  ackedOnce,
  anonymousRole,
  antiAffinityOff,
  authenticationOff,
  authenticationProviderRemoved,
  authorizationOff,
  autoscalingToOne,
  backlogEvicted,
  bookiePlaintextWrites,
  brokerClientPlaintext,
  brokerPlaintext,
  caRekeyed,
  cacheBeyondDirect,
  clientCertificateNotAsked,
  hardeningUndone,
  hardeningWithoutEffect,
  hostnameUnverified,
  imageMajorOther,
  initJobRepeated,
  issuerSecretUnnamed,
  journalSharesDisk,
  journalUnsynced,
  jvmExceedsMemory,
  jwtGenerated,
  localStorage,
  managerExposed,
  metadataPrefixWithTls,
  metricsRefused,
  offloaderMissing,
  oneZoneAcks,
  persistenceOff,
  plaintextEntrance,
  proxyPlaintext,
  proxyRoleUnchecked,
  proxyWaitsPlaintext,
  recoveryMissing,
  recoveryPlaintext,
  requestBelowJvm,
  restartStampede,
  singleCopy,
  spreadSelectsNothing,
  superUserForService,
  tlsHalf,
  tlsOff,
  tlsVerificationOff,
  upgradeHookUnderGitops,
  websocketUnauthorized,
  zookeeperPlaintext,
  zookeeperQuorumPlaintext,
  zookeeperQuorumStale,
];

/** Every rule, group by group. */
export const RULES: readonly Rule[] = GROUPS.flatMap(group => ALL.filter(rule => rule.group === group));
