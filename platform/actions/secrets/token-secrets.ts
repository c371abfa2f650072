import type { ClusterPlan, SecretPlan } from '../../plan/index.js';

const TOKEN = 'tokens/';
const SET = 'token-keys/set';

/** The secrets that tokens are made of. */
export interface TokenSecrets {
  /** Signs. */
  readonly privateKey: SecretPlan;
  /** Brokers and proxies verify by it. */
  readonly publicKey: SecretPlan;
  /** Where two keys may be good at once. @default - one is */
  readonly overlap?: {
    /** Private half of the key that signed before: proves later that its tokens are refused. */
    readonly previous: SecretPlan;
    /** What the key server publishes. */
    readonly set: SecretPlan;
  };
  readonly tokens: readonly { readonly role: string; readonly secret: SecretPlan }[];
}

export function tokenSecretsOf({ secrets }: Pick<ClusterPlan, 'secrets'>): TokenSecrets {
  const place = (id: string) => {
    const found = secrets.find(secret => secret.id === id);
    if (found === undefined) throw new RangeError(`no secret ${id}`);
    return found;
  };
  return {
    privateKey: place('token-keys/private'),
    publicKey: place('token-keys/public'),
    ...(secrets.some(({ id }) => id === SET) && {
      overlap: { previous: place('token-keys/previous'), set: place(SET) },
    }),
    tokens: secrets
      .filter(({ id }) => id.startsWith(TOKEN))
      .map(secret => ({ role: secret.id.slice(TOKEN.length), secret })),
  };
}
