// What every command on a running platform needs, and quick to load: bringing it up is in prepare.ts, the admin API in
// admin.ts, the set-up in install/.
export { freeMiB, LEAST_FREE_MIB } from './disk.js';
export { endpointOf, urlOf } from './endpoints.js';
export { signalPart } from './faults.js';
export { type LocalPeople, peopleFile, readPeople } from './people.js';
export type { ProcessSpec } from './process-spec.js';
export { clientTls, isReady, tail, waitUntilReady } from './readiness.js';
export { recordedPlan } from './record.js';
export { type LocalSecrets, secretFiles } from './secrets.js';
export { serviceFiles } from './service-files.js';
export {
  claimStateFolder,
  openStateFolder,
  refuseForeignFolder,
  removeStateFolder,
  type StateFolder,
} from './state-folder.js';
export {
  readSupervisorState,
  runningSupervisor,
  stopEverything,
  stopOrphans,
  superviseProcesses,
} from './supervisor/client.js';
