export {
  type AuditRow,
  type AuditSubject,
  auditMetrics,
  judge,
  newForeigner,
  notAsked,
  type Observation,
  observe,
  type Way,
} from './audit/index.js';
export { localAuthority, newLocalAuthority } from './authorities/local.js';
export type { Authority, LocalAuthorityMaterial, NewAuthorityProps, SigningRequest } from './authority.js';
export { type Budget, budgetOf } from './budget/budget.js';
export type { Issuer } from './budget/price.js';
export {
  type CertificateInfo,
  type InspectContext,
  type Inspection,
  inspectMaterial,
  type Material,
  readMaterial,
  readServed,
  type Usage,
} from './inspect/index.js';
export { certificatesIn, type PemCertificate } from './pem.js';
export { toPkcs12 } from './pkcs12.js';
export {
  type DialOutcome,
  dial,
  type Identity,
  look,
  type Negative,
  type NegativeName,
  nameOf,
  negativesOf,
  type ProbeOptions,
  type ProbeTarget,
  parseTarget,
  probeNegative,
  pulsarSession,
  type Served,
  SPOKEN,
  spokenOn,
  untilShown,
} from './probe/index.js';
export { type IssuedCertificate, requestCertificate } from './request.js';
export {
  abortRotation,
  beginRotation,
  type Estate,
  type Facts,
  type ForecastStep,
  forecast,
  isSwitched,
  type RotationSettings,
  type RotationState,
  rotateAuthority,
  rotateLeaves,
  type Step,
  type Store,
  untilServed,
} from './rotation/index.js';
export { exportTrust, type TrustClient, type TrustExport } from './trust/export.js';
