import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, exportJWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { readIfThere, writePrivate } from '../edges/files.js';
import { writeSecretFolder } from '../edges/secret-folder.js';
import { PlatformError } from '../errors.js';
import { type Plan, tokenIssuer } from '../plan/index.js';
import type { StateFolder } from './state-folder.js';

const ALGORITHM = 'RS256';
const LIFE_SECONDS = 90 * 86_400;
const RENEW_BELOW_SECONDS = LIFE_SECONDS / 3;
/** Clocks differ. */
const BACKDATED_SECONDS = 60;

/** A key that tokens are signed with. */
export interface TokenKey {
  /** The beginning of the RFC 7638 thumbprint of its public half; the `kid` of its tokens. */
  readonly id: string;
  readonly createdAt: string;
  readonly key: KeyObject;
  /** It is being revoked: published no more, and kept until the broker was seen to refuse it. @default false */
  readonly revoking?: boolean;
}

/**
 * The keys whose tokens are accepted. Pulsar's token provider knows one public key, which it reads when the broker
 * starts: that of `base`. Those of the others come from the key server, by the id in the token, at any time.
 */
export interface KeyRing {
  readonly base: TokenKey;
  /** Signs new tokens. */
  readonly signing: TokenKey;
  /** All of them, oldest first. */
  readonly keys: readonly TokenKey[];
}

const RING_FILE = 'ring.json';

const ringSchema = z.strictObject({
  base: z.string(),
  signing: z.string(),
  keys: z.array(
    z.strictObject({
      id: z.string(),
      createdAt: z.iso.datetime(),
      privateKey: z.string(),
      revoking: z.boolean().exactOptional(),
    }),
  ),
});

/** The public key that the broker checks tokens with, DER (SubjectPublicKeyInfo). */
export function tokenPublicKeyFile(folder: StateFolder): string {
  return path.join(folder.tokenKeys, 'public.der');
}

/** The public keys of all tokens that are accepted, as a JWK set. */
export function tokenKeySetFile(folder: StateFolder): string {
  return path.join(folder.tokenKeys, 'jwks.json');
}

/** A token file for each role of the plan; good ones are kept. */
export async function ensureTokens(plan: Plan, folder: StateFolder): Promise<void> {
  const ring = await ensureKeyRing(folder);
  if (!(await isWhole(folder, ring))) await writeKeyRing(folder, ring);
  await Promise.all(
    plan.roles.map(async ({ name }) => {
      const file = folder.token(name);
      const kept = await readIfThere(file);
      if (kept !== undefined && (await isGood(kept.trim(), name, ring, plan))) return;
      await writePrivate(file, await signToken(name, ring.signing, { plan }));
    }),
  );
}

/** Whether the files beside the ring are there for those who read them. */
async function isWhole(folder: StateFolder, { base }: KeyRing): Promise<boolean> {
  const [pem, der, set] = await Promise.all(
    [path.join(folder.tokenKeys, 'private.pem'), tokenPublicKeyFile(folder), tokenKeySetFile(folder)].map(
      readIfThere,
    ),
  );
  return pem === pemOf(base.key) && der !== undefined && set !== undefined;
}

export interface TokenOptions {
  /** Names the issuer and the audience, which the key server's tokens need. @default - neither: for the base key */
  readonly plan?: Plan;
  /** @default 90 days */
  readonly seconds?: number;
}

/** A token of one role. */
export async function signToken(
  role: string,
  { id, key }: TokenKey,
  { plan, seconds = LIFE_SECONDS }: TokenOptions = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const token = new SignJWT({})
    .setProtectedHeader({ alg: ALGORITHM, kid: id })
    .setSubject(role)
    .setIssuedAt(now)
    // Pulsar's OpenID provider demands it.
    .setNotBefore(now - BACKDATED_SECONDS)
    .setExpirationTime(now + seconds);
  if (plan !== undefined) token.setIssuer(tokenIssuer(plan)).setAudience(plan.name);
  return token.sign(key);
}

/** A token of one role, signed by the key that every broker knows. */
export async function issueToken(role: string, key: KeyObject): Promise<string> {
  return signToken(role, await tokenKeyOf(key, new Date()));
}

/** The key that every broker knows. */
export async function ensureSigningKey(folder: StateFolder): Promise<KeyObject> {
  return (await ensureKeyRing(folder)).base.key;
}

/** Ids of the keys whose revocation began and has not ended: whether their tokens are refused is not known. */
export async function keysBeingRevoked(folder: StateFolder): Promise<string[]> {
  const ring = await readKeyRing(folder);
  return (ring?.keys ?? []).filter(({ revoking }) => revoking).map(({ id }) => id);
}

/** The keys of last time; where there are none, a new one. @throws KeyRingSpoilt */
export async function ensureKeyRing(folder: StateFolder): Promise<KeyRing> {
  const kept = await readKeyRing(folder);
  if (kept !== undefined) return kept;
  const first = await newTokenKey();
  const ring = { base: first, signing: first, keys: [first] };
  await writeKeyRing(folder, ring);
  return ring;
}

export async function newTokenKey(): Promise<TokenKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  return tokenKeyOf(privateKey, new Date());
}

export async function tokenKeyOf(key: KeyObject, created: Date): Promise<TokenKey> {
  const id = await publicKeyId(createPublicKey(pemOf(key)));
  return { id, createdAt: created.toISOString(), key };
}

/** The id of a key, by its public half. It begins with no hyphen: on a command line that would be an option. */
export async function publicKeyId(key: KeyObject): Promise<string> {
  return (await calculateJwkThumbprint(await exportJWK(key))).replace(/^-+/, '').slice(0, 16);
}

/** Their public halves, as a JWK set. */
export async function publicKeySet(keys: readonly Pick<TokenKey, 'id' | 'key'>[]): Promise<string> {
  const published = await Promise.all(
    keys.map(async ({ id, key }) => ({
      ...(await exportJWK(createPublicKey(pemOf(key)))),
      kid: id,
      alg: ALGORITHM,
      use: 'sig',
    })),
  );
  return `${JSON.stringify({ keys: published }, null, 2)}\n`;
}

/** All files of the ring change as one. */
export async function writeKeyRing(folder: StateFolder, { base, signing, keys }: KeyRing): Promise<void> {
  const file: z.input<typeof ringSchema> = {
    base: base.id,
    signing: signing.id,
    keys: keys.map(({ key, ...rest }) => ({ ...rest, privateKey: pemOf(key) })),
  };
  await writeSecretFolder(folder.tokenKeys, {
    'private.pem': pemOf(base.key),
    'public.der': createPublicKey(pemOf(base.key)).export({ type: 'spki', format: 'der' }),
    'jwks.json': await publicKeySet(keys.filter(({ revoking }) => !revoking)),
    [RING_FILE]: `${JSON.stringify(file, null, 2)}\n`,
  });
}

/**
 * The keys of last time; undefined when there are none. The file of the ring holds all of them: beside it the others say
 * the same once more for those who read them.
 *
 * @throws KeyRingSpoilt
 */
export async function readKeyRing(folder: StateFolder): Promise<KeyRing | undefined> {
  const file = path.join(folder.tokenKeys, RING_FILE);
  const text = await readIfThere(file);
  if (text === undefined) return ringOfOne(folder);
  const ring = ringIn(text);
  if (ring === undefined) throw spoilt(file, 'what is no ring of keys', 'JSON, as it was written');
  const { keys } = ring;
  const [base, signing] = [ring.base, ring.signing].map(id => keys.find(key => key.id === id));
  if (base !== undefined && signing !== undefined) return { base, signing, keys };
  const missing = [base ? [] : [`base ${ring.base}`], signing ? [] : [`signing ${ring.signing}`]];
  throw spoilt(file, missing.flat().join(', '), keys.map(({ id }) => id).join(', '));
}

/** A folder of before there were rings: the broker's key is all of it. Who only reads writes nothing. */
async function ringOfOne(folder: StateFolder): Promise<KeyRing | undefined> {
  const file = path.join(folder.tokenKeys, 'private.pem');
  const pem = await readIfThere(file);
  if (pem === undefined) return undefined;
  const key = readKey(pem);
  if (key === undefined) throw spoilt(file, 'what is no private key', 'PEM');
  const only = await tokenKeyOf(key, new Date());
  return { base: only, signing: only, keys: [only] };
}

/** Tokens of its keys may be in use: other keys instead of them would be the end of them. */
function spoilt(file: string, saw: string, want: string): PlatformError {
  return new PlatformError('KeyRingSpoilt', 'the keys of tokens can not be read as they were written', {
    where: file,
    saw,
    want,
  });
}

/** Undefined for what is no ring. */
function ringIn(text: string) {
  try {
    const { keys, ...rest } = ringSchema.parse(JSON.parse(text));
    return {
      ...rest,
      keys: keys.map(({ privateKey, ...key }) => ({ ...key, key: createPrivateKey(privateKey) })),
    };
  } catch {
    return undefined;
  }
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Whether a token is of this role, signed by the key that signs now, and good for long enough. */
async function isGood(token: string, role: string, { base, signing }: KeyRing, plan: Plan): Promise<boolean> {
  try {
    const { payload } = await jwtVerify(token, createPublicKey(pemOf(signing.key)), {
      algorithms: [ALGORITHM],
      subject: role,
      ...(signing.id !== base.id && { issuer: tokenIssuer(plan), audience: plan.name }),
    });
    return (payload.exp ?? 0) - Date.now() / 1000 > RENEW_BELOW_SECONDS;
  } catch {
    return false;
  }
}
