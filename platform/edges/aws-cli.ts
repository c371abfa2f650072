import { execa } from 'execa';

export interface AwsCliOptions {
  readonly region: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 60_000;

/** What the AWS CLI answers, or the last line of why it does not. Nothing is tried for long. */
export async function askAws(
  args: readonly string[],
  { region, env, signal }: AwsCliOptions,
): Promise<{ readonly answer: unknown } | { readonly unknown: string }> {
  const short = ['--region', region, '--output', 'json', '--cli-connect-timeout', '5'];
  const { failed, stdout, stderr, code } = await execa('aws', [...args, ...short], {
    ...{ reject: false, timeout: TIMEOUT_MS, cancelSignal: signal, extendEnv: false },
    env: { ...env, AWS_MAX_ATTEMPTS: '1', AWS_PAGER: '' } as Record<string, string>,
  });
  signal.throwIfAborted();
  if (failed) return { unknown: code === 'ENOENT' ? 'no program `aws`' : lastLine(stderr) };
  try {
    return { answer: JSON.parse(stdout || '{}') };
  } catch {
    return { unknown: 'it answers no JSON' };
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 200) || 'no answer in time';
}
