import path from 'node:path';
import { type SecretStore, secretStore } from '../../edges/secret-store.js';
import type { ClusterPlan } from '../../plan/index.js';
import { sopsStore } from './sops.js';

/**
 * @param config file of the config, beside which SOPS files are
 */
export async function withSecretStore<T>(
  plan: ClusterPlan,
  work: (store: SecretStore) => Promise<T>,
  config: string,
): Promise<T> {
  const { kind } = plan.config.secrets;
  const store = kind === 'sops' ? sopsStore(plan, path.dirname(config)) : secretStore(kind, plan.region);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
