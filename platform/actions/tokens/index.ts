import { readFile } from 'node:fs/promises';
import type { Config } from '../../config/index.js';
import { readIfThere, writePrivate } from '../../edges/files.js';
import { beforeChanges, PlatformError } from '../../errors.js';
import { recordedPlan, runningSupervisor, type StateFolder } from '../../local/index.js';
import {
  ensureKeyRing,
  type KeyRing,
  newTokenKey,
  readKeyRing,
  signToken,
  type TokenKey,
  writeKeyRing,
} from '../../local/tokens.js';
import type { Plan } from '../../plan/index.js';
import { renewBrokerTrust } from '../local/broker-trust.js';
import { exclusively, type LocalOptions } from '../local/exclusively.js';
import { restartBroker, untilAccepted } from './broker.js';
import { assertRole, keyNamed, type TokenInfo, tokenInfoOf } from './info.js';
import { assertFree, type TokenOut } from './out.js';

export type { TokenInfo } from './info.js';

export interface TokensOptions extends LocalOptions {
  readonly config: Config;
}

export interface TokenList {
  readonly keys: readonly KeyInfo[];
  readonly tokens: readonly TokenInfo[];
}

export interface KeyInfo {
  readonly id: string;
  /** @default - the store of a cluster does not say */
  readonly createdAt?: string;
  /** Whether new tokens are signed by it. */
  readonly signs: boolean;
  /** Its revocation began and has not ended: its tokens may still be accepted. @default false */
  readonly revoking?: boolean;
  /** How many of the platform's own tokens it has signed. */
  readonly tokens: number;
}

/** The keys that are accepted, and the token of each role; no value of either. */
export async function listTokens({ config, folder }: TokensOptions): Promise<TokenList> {
  const [plan, ring] = await Promise.all([recordedPlan(config, folder), keyRingOf(folder)]);
  const found = await Promise.all(plan.roles.map(({ name }) => tokenInfo(name, ring, folder)));
  const tokens = found.filter(token => token !== undefined);
  return {
    keys: ring.keys.map(({ id, createdAt, revoking }) => ({
      id,
      createdAt,
      signs: id === ring.signing.id,
      ...(revoking && { revoking }),
      tokens: tokens.filter(({ key }) => key === id).length,
    })),
    tokens,
  };
}

/** @throws LocalNotRunning before the first start, which makes it: nobody would ever accept a token of another */
async function keyRingOf(folder: StateFolder): Promise<KeyRing> {
  const ring = await beforeChanges(() => readKeyRing(folder));
  if (ring !== undefined) return ring;
  throw new PlatformError('LocalNotRunning', 'there is no signing key of a local platform', {
    where: folder.root,
    refused: true,
  });
}

async function tokenInfo(
  role: string,
  { base }: KeyRing,
  folder: StateFolder,
): Promise<TokenInfo | undefined> {
  const token = await readIfThere(folder.token(role));
  if (token === undefined) return undefined;
  return tokenInfoOf(role, token.trim(), base.id);
}

export interface IssueTokenOptions extends TokensOptions, TokenOut {
  readonly role: string;
  /** Days that it is valid. */
  readonly days: number;
}

/** A further token of a role of the plan, for a client that has none of the platform's files. */
export async function issueRoleToken({ config, folder, role, days, ...to }: IssueTokenOptions) {
  assertFree(to);
  const plan = await recordedPlan(config, folder);
  assertRole(plan, role);
  const { signing } = await keyRingOf(folder);
  const token = await signToken(role, signing, { plan, seconds: days * 86_400 });
  if (to.out !== undefined) await writePrivate(to.out, `${token}\n`);
  return { role, key: signing.id, days, token };
}

/**
 * Signs by a new key from now on. The old one's tokens stay good until it is revoked: two keys are accepted at once,
 * and the broker is not restarted, unless the roots were exchanged since it started.
 */
export async function rotateTokens(
  options: TokensOptions,
): Promise<{ readonly from: string; readonly to: string }> {
  const { folder, report } = options;
  const plan = await runningPlan(options);
  return exclusively(options, async () => {
    await renewBrokerTrust({ ...options, plan });
    const ring = await ensureKeyRing(folder);
    const next = await newTokenKey();
    report.generate('key', `${next.id}, published beside ${ring.signing.id}`);
    await writeKeyRing(folder, { ...ring, keys: [...ring.keys, next] });
    try {
      await untilAccepted(next, true, { ...options, plan });
    } catch (error) {
      await writeKeyRing(folder, ring);
      throw error;
    }
    await writeKeyRing(folder, { ...ring, signing: next, keys: [...ring.keys, next] });
    await signAll(plan, folder, next);
    report.success(
      'tokens',
      `${plan.roles.length} signed by ${next.id}; those of ${ring.signing.id} stay good`,
    );
    return { from: ring.signing.id, to: next.id };
  });
}

async function signAll(plan: Plan, folder: StateFolder, key: TokenKey): Promise<void> {
  await Promise.all(
    plan.roles.map(async ({ name }) =>
      writePrivate(folder.token(name), await signToken(name, key, { plan })),
    ),
  );
}

/**
 * Takes back every token that a key has signed. The broker is restarted: it reads its own key once, when it starts,
 * and a connection that was opened with a token lives on until it ends. The key stays in the ring, marked, until it was
 * seen to be refused: killed on the way, the same command goes on.
 */
export async function revokeKey(
  options: TokensOptions & { readonly key: string },
): Promise<{ readonly revoked: string }> {
  const { folder, report, key } = options;
  const plan = await runningPlan(options);
  return exclusively(options, async () => {
    const ring = await ensureKeyRing(folder);
    const revoked = revocable(key, ring);
    const base = ring.base.id === revoked.id ? ring.signing : ring.base;
    const others = ring.keys.filter(({ id }) => id !== revoked.id);
    const marked = ring.keys.map(it => (it.id === revoked.id ? { ...it, revoking: true } : it));
    await writeKeyRing(folder, { ...ring, base, keys: marked });
    await restartBroker({ ...options, plan }, 'so that no connection of the key lives on');
    await untilAccepted(revoked, false, { ...options, plan });
    await untilAccepted(ring.signing, true, { ...options, plan });
    await writeKeyRing(folder, { ...ring, base, keys: others });
    report.success('key', `${revoked.id} is revoked: its tokens are refused`);
    return { revoked: revoked.id };
  });
}

function revocable(id: string, ring: KeyRing): TokenKey {
  const key = keyNamed(id, ring.keys);
  if (key.id === ring.signing.id) {
    throw new PlatformError('KeyInUse', `${key.id} signs the tokens of the platform`, { refused: true });
  }
  return key;
}

async function runningPlan({ config, folder }: TokensOptions): Promise<Plan> {
  if ((await runningSupervisor(folder)) !== undefined) return recordedPlan(config, folder);
  throw new PlatformError('LocalNotRunning', 'the local platform is not running', {
    where: folder.root,
    refused: true,
  });
}

/** The token of a file, for tests and for people who asked for it. */
export async function tokenOf(folder: StateFolder, role: string): Promise<string> {
  return (await readFile(folder.token(role), 'utf8')).trim();
}
