import path from 'node:path';
import type { ServiceFiles } from '../plan/index.js';
import { secretFiles } from './secrets.js';
import type { StateFolder } from './state-folder.js';

/** Where a workload of the local platform finds its files; clients of other makers can use them too. */
export function serviceFiles(folder: StateFolder, workload: string): ServiceFiles {
  const at = (file: string) => path.join(folder.certificate(workload), file);
  return {
    trust: at('ca.crt'),
    certificate: at('tls.crt'),
    key: at('tls.key'),
    token: folder.token(workload),
    database: path.join(folder.data(workload), `${workload}.db`),
    ...secretFiles(folder),
  };
}
