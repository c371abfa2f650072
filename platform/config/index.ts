export { type Cidr, contains, formatCidr, parseCidr, sizeOf, subnet } from './cidr.js';
export type { Config } from './complete.js';
export { configReference } from './docs.js';
export { ADD_ON_VERSIONS, ADD_ONS, type AddOn } from './facts/add-ons.js';
export { allocatable, type InstanceShape, instanceShape } from './facts/instances.js';
export { EKS_VERSIONS } from './facts/kubernetes.js';
export {
  HOURS_PER_MONTH,
  INTERMEDIATE_LIFE,
  issuedPerMonth,
  PRIVATE_CA,
  perTier,
} from './facts/private-ca.js';
export { configJsonSchema } from './json-schema.js';
export { type JvmPart, jvmOf, jvmOverheadMiB } from './jvm.js';
export { locate, placeOf, readSource, type Source } from './locate.js';
export { isRecord, overlay, type Values } from './merge.js';
export { BUCKETS, type BucketAlias, bucketName, prefixOf } from './names.js';
export { environmentsOf, type ParseOptions, type ParseResult, parseConfig } from './parse.js';
export type { WrittenConfig } from './schema/index.js';
export { closestOf, suggestion } from './suggest.js';
export { acknowledgedCopies, type Shortage, shortagesAfter, spread, zonesPerMessage } from './survival.js';
export { toDuration, toSeconds } from './units.js';
export { deadLettersOf, VOICE_TOPICS } from './voice.js';
