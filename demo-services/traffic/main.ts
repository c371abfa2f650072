// Traffic as a process of its own, for a cluster: where everything is stands in the environment, as for the services;
// what is sent is said by flags. `node main.js --count 100 > figures.json`: log lines go to stderr, the figures to
// stdout. Exit codes: 0 the ledger closes, 1 it does not, 2 wrong flags or a wrong environment.
import process from 'node:process';
import { CommanderError } from 'commander';
import { ServiceError } from '../errors.js';
import { errorFields, logTo } from '../runtime/log.js';
import { writeFiles } from './files.js';
import { propsOf, trafficCommand } from './flags.js';
import { accountOf } from './report.js';
import { runTraffic } from './run.js';
import type { Progress } from './tally.js';

const PROGRESS_MS = 5_000;

const log = logTo('traffic', process.env['LOG_LEVEL'] ?? 'info', process.stderr);
const stopping = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) {
  process.once(name, () => stopping.abort(new ServiceError('Stopping', `the traffic got ${name}`)));
}

try {
  const { props, files } = propsOf(trafficCommand().parse(process.argv));
  if (props.kills.length > 0) {
    throw new CommanderError(
      2,
      'kill',
      'error: only parts of the local platform can be killed: scripts/traffic',
    );
  }
  let told = 0;
  const hooks = {
    onReady: (transport: string) => log.info('connected', { transport }),
    onProgress: ({ seconds, ...progress }: Progress) => {
      if (Date.now() - told < PROGRESS_MS) return;
      told = Date.now();
      log.info('progress', { ...progress, seconds: Math.round(seconds) });
    },
  };
  const account = accountOf(await runTraffic(process.env, props, hooks, stopping.signal));
  process.stdout.write(`${JSON.stringify(account.report, null, 2)}\n`);
  await writeFiles(account, files);
  exit(account.ledger.closes ? 0 : 1);
} catch (error) {
  exit(exitCodeOf(error));
}

/** Not left to the event loop: the token supplier of pulsar-client's addon keeps that going for ever. */
function exit(code: number): void {
  process.stdout.write('', () => process.exit(code));
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.code === 'kill') process.stderr.write(`${error.message}\n`);
    return error.exitCode === 0 ? 0 : 2;
  }
  log.error('failed', errorFields(error));
  return error instanceof ServiceError && error.code === 'EnvironmentInvalid' ? 2 : 1;
}
