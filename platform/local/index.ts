export { localAdmin } from './admin.js';
export type { IssuedWorkload } from './certificates.js';
export { endpointOf, urlOf } from './endpoints.js';
export { signalPart } from './faults.js';
export { damagedParts, installParts } from './install/install-parts.js';
export type { Environment } from './install/java.js';
export { buildNativePackages, type Transport } from './install/native-packages.js';
export { cacheFolder, type PartFolders, partFolders } from './install/parts.js';
export { installPrerequisites, missingPrerequisites, type Prerequisite } from './install/prerequisites.js';
export { findPython, installSpeech, speechIsWhole } from './install/python.js';
export { serviceFiles } from './parts/services.js';
export { type PreparedPlatform, prepare } from './prepare.js';
export type { ProcessSpec } from './process-spec.js';
export { clientTls, isReady, tail, waitUntilReady } from './readiness.js';
export { recordedPlan } from './record.js';
export { type LocalSecrets, secretFiles } from './secrets.js';
export { claimStateFolder, openStateFolder, removeStateFolder, type StateFolder } from './state-folder.js';
export {
  readSupervisorState,
  runningSupervisor,
  stopEverything,
  stopOrphans,
  superviseProcesses,
} from './supervisor/client.js';
