import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { PlatformError } from '../errors.js';

export interface EksKubeconfigProps {
  /** Name of the cluster. */
  readonly name: string;
  readonly region: string;
  /** Written to it; it holds no credential, but the command that asks for one. */
  readonly file: string;
  readonly signal: AbortSignal;
}

/**
 * A kubeconfig of one EKS cluster alone, by the AWS CLI, which kubectl and the kit ask for a token then.
 *
 * @returns whether there is such a cluster
 * @throws ToolMissing, CredentialsMissing
 */
export async function eksKubeconfig({ name, region, file, signal }: EksKubeconfigProps): Promise<boolean> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const asked = ['eks', 'update-kubeconfig', '--name', name, '--region', region, '--kubeconfig', file];
  const { failed, code, stderr } = await execa('aws', asked, { reject: false, cancelSignal: signal });
  signal.throwIfAborted();
  if (!failed) return true;
  if (code === 'ENOENT') {
    throw new PlatformError('ToolMissing', 'the AWS CLI is not on this machine', {
      saw: 'no program `aws`',
      fix: `install it, or pass --kubeconfig FILE --context NAME of the cluster ${name}`,
    });
  }
  if (stderr.includes('ResourceNotFoundException')) return false;
  throw new PlatformError('CredentialsMissing', `EKS tells nothing of ${name}`, {
    where: name,
    saw: stderr.trim().slice(-300),
  });
}
