import type { Plan } from '../../plan/index.js';
import { urlOf } from '../endpoints.js';
import type { StateFolder } from '../state-folder.js';

/** It is ready when this URL answers with this status, over verified TLS. */
export interface Probe {
  readonly url: string;
  readonly status: number;
  /** Workload whose certificate is presented. @default - none */
  readonly as?: string;
  /** File with a bearer token. @default - none */
  readonly tokenFile?: string;
}

/** How to ask a part whether it is ready. */
export function probeOf(plan: Plan, folder: StateFolder, part: string): Probe {
  const base = urlOf(plan, `${part}/https`);
  switch (part) {
    case 'broker':
      return {
        // `/admin/v2/brokers/ready` answers before namespaces can be used.
        url: `${base}/admin/v2/namespaces/public/default`,
        status: 200,
        as: 'operator',
        tokenFile: folder.token('operator'),
      };
    case 'store':
      // Nobody may list buckets without a signature: that it refuses shows that it works.
      return { url: `${base}/`, status: 403 };
    default:
      return { url: `${base}/ready`, status: 200 };
  }
}
