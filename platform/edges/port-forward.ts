import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { PlatformError } from '../errors.js';

export interface ForwardOptions {
  readonly signal: AbortSignal;
  readonly kubeconfig?: string;
  readonly context: string;
}

export interface Forwarded {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A port of one pod on this machine's loopback, through the API server.
 *
 * @throws PlatformError ToolMissing, EndpointUnreachable
 */
export async function forwardPort(
  pod: { readonly namespace: string; readonly name: string },
  port: number,
  { signal, kubeconfig, context }: ForwardOptions,
): Promise<Forwarded> {
  const child = execa(
    'kubectl',
    [
      ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
      ...[`--context=${context}`, 'port-forward', '--namespace', pod.namespace],
      ...['--address', '127.0.0.1', `pod/${pod.name}`, `:${port}`],
    ],
    { reject: false, cancelSignal: signal, stdin: 'ignore', buffer: { stdout: false } },
  );
  const close = async () => {
    child.kill();
    await child;
  };
  const local = new Promise<number>(resolve => {
    createInterface({ input: child.stdout }).on('line', line => {
      const [, found] = /^Forwarding from 127\.0\.0\.1:(\d+) /.exec(line) ?? [];
      if (found !== undefined) resolve(Number(found));
    });
  });
  const ended = child.then(({ code, stderr }) => {
    signal.throwIfAborted();
    throw code === 'ENOENT'
      ? new PlatformError('ToolMissing', 'kubectl is not on this machine', {
          fix: 'install kubectl',
          refused: true,
        })
      : new PlatformError('EndpointUnreachable', `no way to port ${port} of ${pod.namespace}/${pod.name}`, {
          saw: stderr.trim().slice(-300),
        });
  });
  // After it was closed nobody asks how it ended.
  ended.catch(() => undefined);
  return { host: '127.0.0.1', port: await Promise.race([local, ended]), close };
}
