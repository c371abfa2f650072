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
export { toPkcs12 } from './pkcs12.js';
export {
  look,
  nameOf,
  PROBE_PROTOCOLS,
  type ProbeOptions,
  type ProbeTarget,
  parseTarget,
  type Served,
} from './probe/index.js';
export { type IssuedCertificate, requestCertificate } from './request.js';
export { exportTrust, type TrustClient, type TrustExport } from './trust/export.js';
