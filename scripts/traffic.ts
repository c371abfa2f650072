// `scripts/traffic [FLAGS]`: traffic on the local platform that runs here, or, where the environment names a broker
// (PULSAR_SERVICE_URL or PULSAR_WEBSOCKET_URL), on that. Exit code 1 when the ledger does not close.
import process from 'node:process';
import {
  accountOf,
  propsOf,
  type TrafficProps,
  type TrafficRun,
  trafficCommand,
} from '../demo-services/traffic/index.js';
import { loadConfig } from '../platform/actions/load.js';
import { localFolder } from '../platform/actions/local/folder.js';
import { localTraffic, reportedTraffic } from '../platform/actions/traffic.js';
import { makeRoom } from './output-files.js';
import { runScript, type ScriptContext } from './run-script.js';
import { tellTraffic } from './tell-traffic.js';

interface Where {
  readonly config: string;
  readonly state?: string;
}

await runScript(async context => {
  const command = trafficCommand()
    .option('-c, --config <file>', 'the config of the local platform', 'platform.yaml')
    .option('--state <dir>', 'its state folder (default: .platform/local beside the config)')
    .parse([...context.args], { from: 'user' });
  const { props, files } = propsOf(command);
  await makeRoom(files);
  const run = await traffic(context, props, command.opts<Where>());
  return (await tellTraffic(accountOf(run), files, context.report)) ? 0 : 1;
});

async function traffic(context: ScriptContext, props: TrafficProps, where: Where): Promise<TrafficRun> {
  const { env } = context;
  if (env['PULSAR_SERVICE_URL'] || env['PULSAR_WEBSOCKET_URL']) return reportedTraffic(env, props, context);
  const folder = await localFolder(process.cwd(), where.config, where.state);
  const config = await loadConfig(where.config);
  const transport = env['PULSAR_TRANSPORT'];
  return localTraffic({ ...context, config, folder, props, ...(transport && { transport }) });
}
