import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { readIfThere } from '../../edges/files.js';
import { writeSecretFolder } from '../../edges/secret-folder.js';
import type { StateFolder } from '../state-folder.js';

/** The certificate, key and trust of a workload, each PEM, as a mounted Secret would hold them. */
export interface WorkloadFiles {
  readonly certificate: string;
  readonly key: string;
  readonly trust: string;
}

/** What is there, all of one version; undefined when the workload has none yet. */
export async function readWorkload(
  folder: StateFolder,
  workload: string,
): Promise<WorkloadFiles | undefined> {
  // Read through the links one by one, the certificate could be of one version and the key of the next.
  const version = await realpath(path.join(folder.certificate(workload), '..data')).catch(() => undefined);
  if (version === undefined) return undefined;
  const read = (name: string) => readIfThere(path.join(version, name));
  const [certificate, key, trust] = await Promise.all([read('tls.crt'), read('tls.key'), read('ca.crt')]);
  // It was replaced meanwhile: the next one is there.
  if (certificate === undefined || key === undefined || trust === undefined)
    return readWorkload(folder, workload);
  return { certificate, key, trust };
}

/** Replaces all three as one. */
export function writeWorkload(folder: StateFolder, workload: string, files: WorkloadFiles): Promise<void> {
  return writeSecretFolder(folder.certificate(workload), {
    'tls.crt': files.certificate,
    'tls.key': files.key,
    'ca.crt': files.trust,
  });
}
