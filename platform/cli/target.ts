import { type Command, Option } from 'commander';
import type { TargetOptions } from '../actions/target.js';
import { CONFIG_FILE, type CommonOptions, type Context, withConfig } from './context.js';

export interface TargetFlags extends PlatformFlags {
  readonly stage?: readonly string[];
  readonly helm: string;
  readonly charts?: string;
  readonly outputs?: string;
}

/** Which platform, and how it is reached. */
export interface PlatformFlags extends CommonOptions {
  readonly target: 'local' | 'cluster';
  readonly state?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** @param where the one that is meant when nobody says */
export function withPlatform(command: Command, where: PlatformFlags['target']): Command {
  const either = new Option('-t, --target <where>', 'this machine, or a Kubernetes cluster');
  return withKubeconfig(
    withConfig(command)
      .addOption(either.choices(['local', 'cluster']).default(where))
      .option('--state <dir>', 'local: state folder (default: .platform/local beside the config)'),
  );
}

/** Which cluster, for what there is in clusters alone. */
export function withCluster(command: Command): Command {
  const only = new Option('-t, --target <where>', 'a Kubernetes cluster');
  return withKubeconfig(withConfig(command).addOption(only.choices(['cluster']).default('cluster')));
}

function withKubeconfig(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'cluster: kubeconfig (default: KUBECONFIG, then ~/.kube/config)')
    .option(
      '--context <name>',
      'cluster: context of the kubeconfig; naming one says that its cluster is meant',
    );
}

/** Flags of every command that works on a platform stage by stage. */
export function withTarget(command: Command): Command {
  return withPlatform(command, 'cluster')
    .option('--stage <name...>', 'cluster: these stages only; platform plan lists them')
    .option('--helm <program>', 'cluster: helm', 'helm')
    .option('--charts <dir>', 'cluster: folder with packed charts; what is missing is fetched into it')
    .option(
      '--outputs <file>',
      'cluster: outputs of the AWS stacks, JSON (default: asked of CloudFormation)',
    );
}

/** The flags by which another command for the same target means the same platform. */
export function samePlatform(flags: Partial<PlatformFlags>): string[] {
  const { config, env, target, state, kubeconfig, context } = flags;
  const given = {
    env,
    config: config === CONFIG_FILE ? undefined : config,
    ...(target === 'cluster' ? { kubeconfig, context } : { state }),
  };
  return Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, asWord(value)],
  );
}

/** The same for a command that means this machine, unless told of a cluster. */
export function placeOf(flags: PlatformFlags): string[] {
  return [...(flags.target === 'cluster' ? ['--target', 'cluster'] : []), ...samePlatform(flags)];
}

/** As a shell reads it: in quotes when it is more than a word. */
function asWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Flags → options, without reading anything. */
export async function targetOptions({ io }: Context, flags: TargetFlags): Promise<TargetOptions> {
  const { localFolder } = await import('../actions/local/folder.js');
  const { kubeconfig, context, stage, charts, outputs, env } = flags;
  if (flags.target === 'local' && stage !== undefined) {
    const { PlatformError } = await import('../errors.js');
    throw new PlatformError('StageUnknown', 'this machine is brought up as a whole: it has no stages', {
      saw: `--stage ${stage.join(' ')}`,
      fix: 'leave --stage out, or pass --target cluster',
      refused: true,
    });
  }
  return {
    target: flags.target,
    config: flags.config,
    ...(env !== undefined && { env }),
    folder: await localFolder(io.cwd, flags.config, flags.state),
    environment: io.env,
    signal: io.signal,
    helm: flags.helm,
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
    ...(stage !== undefined && { stages: stage }),
    ...(charts !== undefined && { charts }),
    ...(outputs !== undefined && { outputs }),
  };
}
