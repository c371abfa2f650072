import { readFile } from 'node:fs/promises';
import { type PulsarAdmin, pulsarAdmin } from '../edges/pulsar-admin.js';
import type { Plan } from '../plan/index.js';
import { urlOf } from './endpoints.js';
import { clientTls } from './readiness.js';
import type { StateFolder } from './state-folder.js';

/** The admin API of the local broker, as the operator. */
export async function localAdmin(plan: Plan, folder: StateFolder): Promise<PulsarAdmin> {
  return pulsarAdmin({
    url: urlOf(plan, 'broker/https'),
    tls: await clientTls(folder),
    token: () => readFile(folder.token('operator'), 'utf8'),
  });
}
