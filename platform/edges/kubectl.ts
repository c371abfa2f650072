import { execa } from 'execa';
import { PlatformError } from '../errors.js';

export interface KubectlOptions {
  readonly signal: AbortSignal;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/**
 * Runs kubectl, for what goes through a pod.
 *
 * @returns what it printed
 * @throws PlatformError ToolMissing, ApiRefused
 */
export async function kubectl(args: readonly string[], options: KubectlOptions): Promise<string> {
  const { signal, kubeconfig, context } = options;
  const flags = [
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
    ...(context === undefined ? [] : [`--context=${context}`]),
  ];
  const { failed, stdout, stderr, code, isCanceled } = await execa('kubectl', [...flags, ...args], {
    reject: false,
    cancelSignal: signal,
  });
  if (isCanceled) throw signal.reason;
  if (code === 'ENOENT') {
    throw new PlatformError('ToolMissing', 'kubectl is not on this machine', {
      fix: 'install kubectl',
      refused: true,
    });
  }
  if (!failed) return stdout;
  throw new PlatformError('ApiRefused', `kubectl ${args.slice(0, 4).join(' ')} failed`, {
    saw: stderr.trim().split('\n').slice(-3).join(' | ').slice(0, 400),
  });
}
