import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { readIfThere, writePrivate } from '../edges/files.js';
import type { StateFolder } from './state-folder.js';

const schema = z.object({
  storeAccessKey: z.string().min(1),
  storeSecretKey: z.string().min(1),
  storeKeystorePassword: z.string().min(1),
  speechApiKey: z.string().min(1),
  sessionKey: z.string().min(1),
  internalKey: z.string().min(1),
});

/** Credentials of the parts that are no Pulsar roles. Made once; a damaged file is made anew. */
export type LocalSecrets = z.output<typeof schema>;

export interface SecretFiles {
  /** AWS shared credentials file, profile `default`. */
  readonly awsCredentials: string;
  /** The bare key of the transcription API. */
  readonly openaiApiKey: string;
  /** Keys of the front services, by name. */
  readonly secrets: { readonly 'session-key': string; readonly 'internal-key': string };
}

export function secretFiles(folder: StateFolder): SecretFiles {
  return {
    awsCredentials: path.join(folder.secrets, 'aws-credentials'),
    openaiApiKey: path.join(folder.secrets, 'openai-api-key'),
    secrets: {
      'session-key': path.join(folder.secrets, 'session-key'),
      'internal-key': path.join(folder.secrets, 'internal-key'),
    },
  };
}

/**
 * @param openaiApiKey the user's own key of another transcription API
 */
export async function ensureSecrets(folder: StateFolder, openaiApiKey?: string): Promise<LocalSecrets> {
  const secrets = (await readSecrets(folder)) ?? {
    storeAccessKey: `local${randomBytes(6).toString('hex')}`,
    storeSecretKey: randomBytes(24).toString('base64url'),
    storeKeystorePassword: randomBytes(18).toString('base64url'),
    speechApiKey: `sk-${randomBytes(24).toString('base64url')}`,
    sessionKey: randomBytes(32).toString('base64url'),
    internalKey: randomBytes(32).toString('base64url'),
  };
  const files = secretFiles(folder);
  await writePrivate(secretsFile(folder), `${JSON.stringify(secrets)}\n`);
  await writePrivate(
    files.awsCredentials,
    `[default]\naws_access_key_id = ${secrets.storeAccessKey}\naws_secret_access_key = ${secrets.storeSecretKey}\n`,
  );
  await writePrivate(files.openaiApiKey, openaiApiKey ?? secrets.speechApiKey);
  await writePrivate(files.secrets['session-key'], secrets.sessionKey);
  await writePrivate(files.secrets['internal-key'], secrets.internalKey);
  return secrets;
}

function secretsFile(folder: StateFolder): string {
  return path.join(folder.secrets, 'secrets.json');
}

/** Those of last time; undefined when there are none, or damaged ones. */
export async function readSecrets(folder: StateFolder): Promise<LocalSecrets | undefined> {
  const text = await readIfThere(secretsFile(folder));
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
