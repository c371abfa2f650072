export { localAuthority, newLocalAuthority } from './authorities/local.js';
export type { Authority, LocalAuthorityMaterial, NewAuthorityProps, SigningRequest } from './authority.js';
export { toPkcs12 } from './pkcs12.js';
export { type IssuedCertificate, requestCertificate } from './request.js';
