import { type SecretStore, secretStore } from '../../edges/secret-store.js';
import { PlatformError } from '../../errors.js';
import type { ClusterPlan } from '../../plan/index.js';

/** @throws SecretsElsewhere when the config keeps secrets in files */
export async function withSecretStore<T>(
  { config, region }: ClusterPlan,
  work: (store: SecretStore) => Promise<T>,
): Promise<T> {
  const { kind } = config.secrets;
  if (kind === 'sops') {
    throw new PlatformError('SecretsElsewhere', 'no store has the secrets of this platform', {
      saw: kind,
      refused: true,
    });
  }
  const store = secretStore(kind, region);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}
