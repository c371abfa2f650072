import { Command } from 'commander';
import { type CommonOptions, type Context, withConfig } from '../context.js';
import { localOptions } from './local.js';

interface TopicsFlags extends CommonOptions {
  readonly state?: string;
}

export function topicsCommand(context: Context): Command {
  return new Command('topics')
    .description('the topics of the plan, as the broker has them')
    .addCommand(list(context))
    .addCommand(show(context));
}

function list(context: Context): Command {
  return verb('list', 'platform topics list')
    .description('how large each is, who sends, what waits')
    .action(async (flags: TopicsFlags) => {
      const [{ listTopics }, { topicsText }] = await Promise.all([
        import('../../actions/topics/index.js'),
        import('../topics-text.js'),
      ]);
      const { report } = await localOptions(context, flags);
      const rows = await withBroker(context, flags, ({ admin, plan }) => listTopics(admin, plan));
      report.result(rows, () => topicsText(rows));
    });
}

function show(context: Context): Command {
  return verb('show', 'platform topics show audio')
    .description('one of them: its subscriptions, and the roles that may use it')
    .argument('<topic>', 'its alias or full name')
    .action(async (topic: string, flags: TopicsFlags) => {
      const [{ showTopic }, { topicText }] = await Promise.all([
        import('../../actions/topics/index.js'),
        import('../topics-text.js'),
      ]);
      const { report } = await localOptions(context, flags);
      const detail = await withBroker(context, flags, ({ admin, plan }) => showTopic(admin, plan, topic));
      report.result(detail, () => topicText(detail));
    });
}

async function withBroker<T>(
  context: Context,
  flags: TopicsFlags,
  work: (ports: import('../../actions/local/broker-ports.js').BrokerPorts) => Promise<T>,
): Promise<T> {
  const [{ loadConfig }, { withLocalBroker }] = await Promise.all([
    import('../../actions/load.js'),
    import('../../actions/local/broker-ports.js'),
  ]);
  const { folder } = await localOptions(context, flags);
  return withLocalBroker(await loadConfig(flags.config, flags.env), folder, work);
}

function verb(name: string, example: string): Command {
  return withConfig(new Command(name))
    .option(
      '--state <dir>',
      'state folder of the local platform (default: .platform/local beside the config)',
    )
    .addHelpText('after', `\nExample:\n  $ ${example}`);
}
