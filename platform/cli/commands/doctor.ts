import { Command } from 'commander';
import { type CommonOptions, type Context, withConfig } from '../context.js';
import { localOptions } from './local.js';

interface DoctorFlags extends CommonOptions {
  readonly state?: string;
}

export function doctorCommand(context: Context): Command {
  return withConfig(new Command('doctor'))
    .description(
      "this machine's tools, credentials, disk and quotas of AWS: what is there, what is missing, what needs it",
    )
    .option(
      '--state <dir>',
      'state folder of the local platform (default: .platform/local beside the config)',
    )
    .addHelpText(
      'after',
      '\nExit code 3 when the local platform could not run here.\n\nExample:\n  $ platform doctor',
    )
    .action(async (flags: DoctorFlags) => {
      const [{ examine, planIfAny }, { doctorText }] = await Promise.all([
        import('../../actions/doctor/index.js'),
        import('../doctor-text.js'),
      ]);
      const { folder, report, signal } = await localOptions(context, flags);
      const plan = await planIfAny(flags.config, flags.env);
      const examination = await examine({
        ...{ env: context.io.env, root: folder.root, signal },
        ...(plan !== undefined && { plan }),
      });
      report.result(examination, () => doctorText(examination));
      if (!flags.json) report.findings(examination.findings);
      if (examination.findings.some(({ severity }) => severity === 'error')) context.exitCode = 3;
    });
}
