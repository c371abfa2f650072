export { newRoot } from '../own-root.js';
export { type PrivateCaClientProps, privateCaClient } from './client.js';
export { ensurePrivateCa, type NewPrivateCaProps, subordinateOf } from './create.js';
export { describe as describePrivateCa, list as listPrivateCas, type PrivateCa } from './describe.js';
export { type CaFacts, type CaNeeds, unfitFor } from './fit.js';
export { type IntermediateProps, newIntermediate } from './intermediate.js';
export { authorityChain, awsPrivateCa, type PrivateCaProps } from './issue.js';
export {
  type AuditReport,
  auditReport,
  deletePrivateCa,
  RESTORE_DAYS,
  restorePrivateCa,
  revoke,
} from './life.js';
export { problemsOf } from './limits.js';
export type { Patience } from './poll.js';
