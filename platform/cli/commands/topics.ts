import { Command } from 'commander';
import { withAdmin } from '../broker.js';
import { type Context, reporterFor } from '../context.js';
import { type PlatformFlags, withPlatform } from '../target.js';

export function topicsCommand(context: Context): Command {
  return new Command('topics')
    .description('the topics of the plan, as the broker has them')
    .addCommand(list(context))
    .addCommand(show(context));
}

function list(context: Context): Command {
  return verb('list', 'platform topics list')
    .description('how large each is, who sends, what waits')
    .action(async (flags: PlatformFlags) => {
      const [{ listTopics }, { topicsText }] = await Promise.all([
        import('../../actions/topics/index.js'),
        import('../topics-text.js'),
      ]);
      const rows = await withAdmin(context, flags, ({ admin, plan }) => listTopics(admin, plan));
      reporterFor(context, flags).result(rows, () => topicsText(rows));
    });
}

function show(context: Context): Command {
  return verb('show', 'platform topics show audio')
    .description('one of them: its subscriptions, and the roles that may use it')
    .argument('<topic>', 'its alias or full name')
    .action(async (topic: string, flags: PlatformFlags) => {
      const [{ showTopic }, { topicText }] = await Promise.all([
        import('../../actions/topics/index.js'),
        import('../topics-text.js'),
      ]);
      const detail = await withAdmin(context, flags, ({ admin, plan }) => showTopic(admin, plan, topic));
      reporterFor(context, flags).result(detail, () => topicText(detail));
    });
}

function verb(name: string, example: string): Command {
  return withPlatform(new Command(name), 'local').addHelpText(
    'after',
    `\nExamples:\n  $ ${example}\n  $ ${example} --target cluster --env prod`,
  );
}
