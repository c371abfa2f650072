import { createPrivateKey, X509Certificate } from 'node:crypto';
import path from 'node:path';
import type { LocalAuthorityMaterial } from '../../../certs/index.js';
import { readIfThere } from '../../edges/files.js';
import { writeSecretFolder } from '../../edges/secret-folder.js';

/** The authority of a local platform, with the roots that everything of it trusts. */
export interface FolderAuthority {
  readonly material: LocalAuthorityMaterial;
  /** PEM; during a rotation of the authority the old and the new root, else the root of the material. */
  readonly trust: string;
}

const ROOTS = 'trust.crt';

/** The roots that everything trusts; written at each change of them. */
export function rootsFile(at: string): string {
  return path.join(at, ROOTS);
}

/** Writes it so that a reader sees the old one or the new one, never a mixture. */
export async function writeAuthority(at: string, { material, trust }: FolderAuthority): Promise<void> {
  await writeSecretFolder(at, {
    'root.crt': material.root,
    ...(material.rootKey !== undefined && { 'root.key': material.rootKey }),
    'intermediate.crt': material.intermediate,
    'intermediate.key': material.intermediateKey,
    [ROOTS]: trust,
  });
}

/** What is there; undefined when nothing is, or it is damaged. */
export async function readAuthority(at: string): Promise<FolderAuthority | undefined> {
  const read = (name: string) => readIfThere(path.join(at, name));
  const [root, rootKey, intermediate, intermediateKey, trust = root] = await Promise.all([
    read('root.crt'),
    read('root.key'),
    read('intermediate.crt'),
    read('intermediate.key'),
    read(ROOTS),
  ]);
  if (root === undefined || intermediate === undefined || intermediateKey === undefined) return undefined;
  const material = { root, intermediate, intermediateKey, ...(rootKey !== undefined && { rootKey }) };
  return isWhole(material) ? { material, trust: trust ?? root } : undefined;
}

function isWhole({ root, intermediate, intermediateKey }: LocalAuthorityMaterial): boolean {
  try {
    const signer = new X509Certificate(intermediate);
    return (
      signer.verify(new X509Certificate(root).publicKey) &&
      signer.checkPrivateKey(createPrivateKey(intermediateKey))
    );
  } catch {
    return false;
  }
}
