import { Command } from 'commander';
import type { Context } from '../../context.js';
import { auditCommand } from './audit.js';
import { authorityCommand } from './authority.js';
import { budgetCommand } from './budget.js';
import { inspectCommand } from './inspect.js';
import { issueCommand } from './issue.js';
import { rotateAuthorityCommand, rotateCommand } from './rotate.js';
import { trustCommand } from './trust.js';

export function certsCommand(context: Context): Command {
  return new Command('certs')
    .description('see what certificates say, who serves which, and replace them')
    .addCommand(inspectCommand(context))
    .addCommand(auditCommand(context))
    .addCommand(authorityCommand(context))
    .addCommand(budgetCommand(context))
    .addCommand(issueCommand(context))
    .addCommand(rotateCommand(context))
    .addCommand(rotateAuthorityCommand(context))
    .addCommand(trustCommand(context));
}
