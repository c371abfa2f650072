// `scripts/traffic [FLAGS]`: traffic on the local platform that runs here, or, where the environment names a broker
// (PULSAR_SERVICE_URL or PULSAR_WEBSOCKET_URL), on that. Exit code 1 when the ledger does not close.
import process from 'node:process';
import { accountOf, propsOf, trafficCommand } from '../demo-services/traffic/index.js';
import { loadConfig } from '../platform/actions/load.js';
import { localFolder } from '../platform/actions/local/folder.js';
import { localTraffic, reportedTraffic } from '../platform/actions/traffic.js';
import { runScript, type ScriptContext } from './run-script.js';
import { tellTraffic } from './tell-traffic.js';

const CONFIG = 'platform.yaml';

await runScript(async context => {
  const command = trafficCommand()
    .option('-c, --config <file>', 'the config of the local platform', CONFIG)
    .parse([...context.args], { from: 'user' });
  const { props, files } = propsOf(command);
  const run = await traffic(context, props, String(command.opts()['config']));
  return (await tellTraffic(accountOf(run), files, context.report)) ? 0 : 1;
});

async function traffic(
  context: ScriptContext,
  props: Parameters<typeof localTraffic>[0]['props'],
  file: string,
) {
  const { env } = context;
  if (env['PULSAR_SERVICE_URL'] || env['PULSAR_WEBSOCKET_URL']) return reportedTraffic(env, props, context);
  const folder = await localFolder(process.cwd(), file);
  const transport = env['PULSAR_TRANSPORT'];
  return localTraffic({
    ...context,
    config: await loadConfig(file),
    folder,
    props,
    ...(transport && { transport }),
  });
}
