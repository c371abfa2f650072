import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { jwtVerify, SignJWT } from 'jose';
import { readIfThere, writePrivate } from '../edges/files.js';
import { writeSecretFolder } from '../edges/secret-folder.js';
import type { Plan } from '../plan/index.js';
import type { StateFolder } from './state-folder.js';

const ALGORITHM = 'RS256';
const LIFE_SECONDS = 90 * 86_400;
const RENEW_BELOW_SECONDS = LIFE_SECONDS / 3;

/** The public key that the broker checks tokens with, DER (SubjectPublicKeyInfo). */
export function tokenPublicKeyFile(folder: StateFolder): string {
  return path.join(folder.tokenKeys, 'public.der');
}

/** A token file for each role of the plan; good ones are kept. */
export async function ensureTokens(plan: Plan, folder: StateFolder): Promise<void> {
  const key = await ensureSigningKey(folder);
  await Promise.all(plan.roles.map(({ name }) => ensureToken(folder.token(name), name, key)));
}

/** A token of one role, signed by the platform's key. */
export async function issueToken(role: string, key: KeyObject): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: ALGORITHM })
    .setSubject(role)
    .setIssuedAt()
    .setExpirationTime(`${LIFE_SECONDS}s`)
    .sign(key);
}

/** The key that signs tokens; a missing or damaged one is made anew. */
export async function ensureSigningKey(folder: StateFolder): Promise<KeyObject> {
  const pem = await readIfThere(path.join(folder.tokenKeys, 'private.pem'));
  const kept = pem === undefined ? undefined : readKey(pem);
  if (kept !== undefined) return kept;
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  await writeSecretFolder(folder.tokenKeys, {
    'private.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }),
    'public.der': publicKey.export({ type: 'spki', format: 'der' }),
  });
  return privateKey;
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

async function ensureToken(file: string, role: string, key: KeyObject): Promise<void> {
  const kept = await readIfThere(file);
  if (kept !== undefined && (await isGood(kept.trim(), role, key))) return;
  await writePrivate(file, await issueToken(role, key));
}

async function isGood(token: string, role: string, key: KeyObject): Promise<boolean> {
  try {
    const { payload } = await jwtVerify(
      token,
      createPublicKey(key.export({ type: 'pkcs8', format: 'pem' }).toString()),
      {
        algorithms: [ALGORITHM],
        subject: role,
      },
    );
    return (payload.exp ?? 0) - Date.now() / 1000 > RENEW_BELOW_SECONDS;
  } catch {
    return false;
  }
}
