import { randomBytes } from 'node:crypto';
import type { SecretStore } from '../../edges/secret-store.js';
import { beforeChanges, PlatformError } from '../../errors.js';
import type { ClusterPlan, SecretPlan } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { type TokenSecrets, tokenSecretsOf } from './token-secrets.js';
import { issuedBy, keySet, renewed, type TokenKeys, tokenKeys } from './tokens.js';

export interface SecretState {
  readonly id: string;
  readonly storeName: string;
  readonly what: string;
  readonly from: SecretPlan['from'];
  readonly hasValue: boolean;
}

/** Which secrets of the plan have a value; never a value. */
export async function secretStates(plan: ClusterPlan, store: SecretStore): Promise<SecretState[]> {
  return Promise.all(
    plan.secrets.map(async ({ id, storeName, what, from }) => {
      const hasValue = (await store.read(storeName)) !== undefined;
      return { id, storeName, what, from, hasValue };
    }),
  );
}

export interface MadeSecrets {
  /** Ids of those that were given a value: the first, or, of a token, a new one before the old one ends. */
  readonly made: readonly string[];
  /** Those that only you can give, and that have no value. */
  readonly missing: readonly SecretState[];
}

export interface MakeOptions {
  /** Whether the command has changed nothing so far: what fails before the first write says so then. @default false */
  readonly untouched?: boolean;
}

/**
 * Gives every secret that the kit can make a value, unless it has one. The key that signs tokens is made first and
 * written first, so that a command that is killed and run again signs by the same one.
 *
 * @throws SecretsInconsistent when tokens can no longer be signed by the key that brokers verify with
 */
export async function makeSecrets(
  plan: ClusterPlan,
  store: SecretStore,
  report: Report,
  { untouched = false }: MakeOptions = {},
): Promise<MadeSecrets> {
  const made: string[] = [];
  const read = (secret: SecretPlan) => store.read(secret.storeName);
  const secrets = tokenSecretsOf(plan);
  const find = () => keysOf(secrets, read);
  const { keys, before, lacking } = await (untouched ? beforeChanges(find) : find());
  await store.prepare?.(plan.secrets.flatMap(({ from, storeName }) => (from === 'user' ? [storeName] : [])));
  const write = async (secret: SecretPlan, value: string) => {
    await store.write(secret.storeName, value, secret.what);
    made.push(secret.id);
    report.generate('secret', secret.id);
  };
  const { tokenDays } = plan.config.pulsar;
  const { privateKey, publicKey, overlap, tokens } = secrets;
  for (const [secret, value] of lacking) await write(secret, value);
  if (overlap !== undefined) {
    // None signed before: the one that signs stands for it.
    if (before === undefined) await write(overlap.previous, keys.privatePem);
    const kept = await read(overlap.set);
    const base = await read(publicKey);
    const good = before !== undefined && before.publicDer === base ? [before] : [];
    const set = await keySet(kept, good, keys);
    if (set !== kept) await write(overlap.set, set);
  }
  for (const { role, secret } of tokens) {
    const kept = await read(secret);
    const token = await renewed(role, kept, keys, tokenDays, issuedBy(plan));
    if (token !== kept) await write(secret, token);
  }
  const done = new Set([
    ...[privateKey, publicKey],
    ...(overlap === undefined ? [] : [overlap.previous, overlap.set]),
    ...tokens.map(({ secret }) => secret),
  ]);
  for (const secret of plan.secrets.filter(it => it.from === 'kit' && !done.has(it))) {
    if ((await read(secret)) === undefined)
      await write(secret, randomBytes(SECRET_BYTES).toString('base64url'));
  }
  const states = await secretStates(plan, store);
  return { made, missing: states.filter(({ from, hasValue }) => from === 'user' && !hasValue) };
}

const SECRET_BYTES = 32;

interface TokenKeysOfStore {
  readonly keys: TokenKeys;
  /** The key that signed before. @default - the store has none */
  readonly before: TokenKeys | undefined;
  /** What is to be written, in this order. */
  readonly lacking: readonly (readonly [SecretPlan, string])[];
}

/** The key that signs, a new one where there is none. */
async function keysOf(
  { privateKey, publicKey, overlap }: TokenSecrets,
  read: (secret: SecretPlan) => Promise<string | undefined>,
): Promise<TokenKeysOfStore> {
  const previous = overlap && (await read(overlap.previous));
  const before = previous === undefined ? undefined : await tokenKeys(previous);
  const [kept, known] = await Promise.all([read(privateKey), read(publicKey)]);
  if (kept === undefined && known !== undefined) {
    throw new PlatformError(
      'SecretsInconsistent',
      'the key that signs tokens is gone, and brokers know its other half',
      {
        where: privateKey.storeName,
        saw: `a value of ${publicKey.storeName} only`,
      },
    );
  }
  const keys = await tokenKeys(kept);
  // After a rotation brokers start with the key of before, and ask for the other one, until that is revoked.
  if (known !== undefined && known !== keys.publicDer && known !== before?.publicDer) {
    throw new PlatformError(
      'SecretsInconsistent',
      'the two halves of the key of tokens do not belong together',
      {
        where: `${privateKey.storeName}, ${publicKey.storeName}`,
      },
    );
  }
  const lacking: (readonly [SecretPlan, string])[] = [];
  if (kept === undefined) lacking.push([privateKey, keys.privatePem]);
  if (known === undefined) lacking.push([publicKey, keys.publicDer]);
  return { keys, before, lacking };
}

/** @throws SecretValueMissing naming all of them, with the command that gives each a value */
export function expectValues(missing: readonly SecretState[], store: Pick<SecretStore, 'command'>): void {
  if (missing.length === 0) return;
  throw new PlatformError(
    'SecretValueMissing',
    `${missing.length} secrets have no value, and only you can give it`,
    {
      saw: missing.map(({ id, what }) => `${id} (${what})`).join(', '),
      fix: missing.map(({ storeName }) => store.command(storeName)).join('\n'),
    },
  );
}
