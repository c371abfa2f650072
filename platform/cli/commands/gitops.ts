import { Command, Option } from 'commander';
import { type CommonOptions, type Context, reporterFor, withConfig } from '../context.js';

interface GitopsFlags extends CommonOptions {
  readonly out: string;
  readonly kind?: 'argocd' | 'flux';
  readonly repository?: string;
  readonly outputs?: string;
  readonly first?: boolean;
  readonly oci?: string;
  readonly helm: string;
  readonly charts?: string;
}

export function gitopsCommand(context: Context): Command {
  return withConfig(new Command('gitops'))
    .description('write the Kubernetes side as a tree that Argo CD or Flux applies')
    .option('-o, --out <dir>', 'folder to write into', 'deploy')
    .addOption(
      new Option('-k, --kind <tool>', 'who applies it (default: the one of the config)').choices([
        'argocd',
        'flux',
      ]),
    )
    .option('--repository <url>', 'where it will be read from: Git, or oci://… (default: that of the config)')
    .option('--outputs <file>', 'outputs of the AWS stacks, JSON (default: placeholders, with a warning)')
    .option('--first', "with the jobs that make Pulsar's metadata, for an installation that begins")
    .option('--oci <dir>', 'also as an OCI image layout')
    .option('--helm <program>', 'helm, for charts that Argo CD cannot patch', 'helm')
    .option('--charts <dir>', 'folder with packed charts; what is missing is fetched into it')
    .addHelpText(
      'after',
      '\nExamples:\n  $ platform gitops --env prod --kind argocd --repository https://git.example.com/platform.git --outputs outputs.json\n  $ platform gitops --env prod --kind flux --repository oci://registry.example.com/voice --oci layout',
    )
    .action(async ({ config, env, json, ...flags }: GitopsFlags) => {
      const { gitops } = await import('../../actions/gitops/index.js');
      const reporter = reporterFor(context, { ...(json !== undefined && { json }) });
      const result = await gitops(
        { config, ...(env !== undefined && { env }), ...flags, signal: context.io.signal },
        reporter,
      );
      reporter.result(result, () => result.files.join('\n'));
      if (!json) reporter.findings(result.findings);
    });
}
