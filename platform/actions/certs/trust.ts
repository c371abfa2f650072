import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type CertificateInfo,
  exportTrust,
  inspectMaterial,
  readMaterial,
  type TrustClient,
} from '../../../certs/index.js';
import { writeOut } from '../../edges/files.js';
import { PlatformError } from '../../errors.js';
import { localFolder } from '../local/folder.js';

export interface TrustOptions {
  readonly client: TrustClient;
  /** PEM file with the roots. */
  readonly roots: string;
  /** PEM file to write; Java gets a `.p12` beside it. */
  readonly out: string;
}

export interface TrustResult {
  readonly for: TrustClient;
  readonly files: readonly string[];
  readonly lines: readonly string[];
  readonly roots: readonly CertificateInfo[];
}

/** The bundle that everything of the local platform trusts. */
export async function localRoots(cwd: string, config: string, state?: string): Promise<string> {
  const folder = await localFolder(cwd, config, state);
  return path.join(folder.certificate('operator'), 'ca.crt');
}

/**
 * Writes the roots for a client, and says how to use them.
 *
 * @throws PlatformError CertTargetNotFound; CertUnreadable when the file is no bundle of good roots
 */
export async function writeTrust({ client, roots, out }: TrustOptions): Promise<TrustResult> {
  const pem = await readFile(roots, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new PlatformError('CertTargetNotFound', `there are no roots at ${roots}`, {
      where: path.resolve(roots),
      fix: 'name a bundle with --trust FILE, or start the local platform',
      refused: true,
      cause,
    });
  });
  const { kind, chain, findings } = inspectMaterial(readMaterial(Buffer.from(pem), roots), {
    at: new Date(),
    source: roots,
  });
  const strangers = chain.filter(({ selfSigned }) => !selfSigned);
  if (
    kind !== 'authorities' ||
    strangers.length > 0 ||
    findings.some(({ severity }) => severity === 'error')
  ) {
    throw new PlatformError('CertUnreadable', `${roots} is no bundle of good roots`, {
      where: roots,
      ...(strangers.length > 0 && {
        saw: strangers.map(({ subject }) => subject).join(', '),
        want: 'self-signed authorities only',
      }),
      findings: findings.filter(({ severity }) => severity === 'error'),
      refused: true,
    });
  }
  const exported = exportTrust(client, pem, path.resolve(out));
  for (const file of exported.files) await writeOut(file.path, file.data);
  return { for: client, files: exported.files.map(file => file.path), lines: exported.lines, roots: chain };
}
