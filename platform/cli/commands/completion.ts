import { Argument, Command } from 'commander';
import type { Context } from '../context.js';

export function completionCommand(context: Context): Command {
  return new Command('completion')
    .description('print a script that completes commands and flags in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `
Examples:
  $ source <(platform completion bash)
  $ platform completion zsh > ~/.platform-completion && echo 'source ~/.platform-completion' >> ~/.zshrc
  $ platform completion fish > ~/.config/fish/completions/platform.fish`,
    )
    .action(async (asked: string, _flags: unknown, command: Command) => {
      const { completionScript, SHELLS } = await import('../completion.js');
      const shell = SHELLS.find(known => known === asked);
      if (shell !== undefined && command.parent !== null) {
        context.io.stdout.write(completionScript(command.parent, shell));
      }
    });
}
