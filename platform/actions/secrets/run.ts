import path from 'node:path';
import { type SecretStore, secretStore } from '../../edges/secret-store.js';
import { PlatformError } from '../../errors.js';
import type { ClusterPlan } from '../../plan/index.js';
import { sopsStore } from './sops.js';

/**
 * @param config file of the config, beside which SOPS files are. @default - only a store outside will do
 * @throws SecretsElsewhere when the config keeps secrets in files and they will not do
 */
export async function withSecretStore<T>(
  plan: ClusterPlan,
  work: (store: SecretStore) => Promise<T>,
  config?: string,
): Promise<T> {
  const { kind } = plan.config.secrets;
  if (kind === 'sops' && config === undefined) {
    throw new PlatformError('SecretsElsewhere', 'no store has the secrets of this platform', {
      saw: kind,
      refused: true,
    });
  }
  const store =
    kind === 'sops' ? sopsStore(plan, path.dirname(config ?? '')) : secretStore(kind, plan.region);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
