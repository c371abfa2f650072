import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'vitest';
import { newLocalAuthority } from '../../certs/index.js';

/** The object store that all live tests share. */
export function sharedStore() {
  const { store, trust } = inject('platform');
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = store.credentials;
  return { ...store, trust };
}

/** A file with the root of an authority that signed nothing here. */
export async function strangersRoot(): Promise<string> {
  const { root } = await newLocalAuthority({ commonName: 'stranger', algorithm: 'ecdsa-p256' });
  return temporaryFile(root);
}

export async function temporaryFile(contents: string | Uint8Array): Promise<string> {
  const file = path.join(tmpdir(), `test-${randomUUID()}`);
  await writeFile(file, contents, { mode: 0o600 });
  return file;
}
