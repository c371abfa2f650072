export type { IssuedWorkload } from './certificates.js';
export { portOf, urlOf } from './endpoints.js';
export { installParts } from './install/install-parts.js';
export type { Environment } from './install/java.js';
export { serviceFiles } from './parts/services.js';
export { recordedPorts } from './ports.js';
export { type PreparedPlatform, prepare } from './prepare.js';
export { clientTls, isReady, tail, waitUntilReady } from './readiness.js';
export { secretFiles } from './secrets.js';
export { claimStateFolder, openStateFolder, removeStateFolder, type StateFolder } from './state-folder.js';
export {
  readSupervisorState,
  runningSupervisor,
  stopEverything,
  stopOrphans,
  superviseProcesses,
} from './supervisor/client.js';
