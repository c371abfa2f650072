// `cdk synth`, `cdk diff`, `cdk deploy` (cdk.json). One environment with `-c env=prod`, else all of the config.
import { parsedConfig, readConfigText } from '../platform/actions/load.js';
import { addStacks, makeApp } from '../platform/aws/index.js';
import { environmentsOf } from '../platform/config/index.js';
import { makePlan } from '../platform/plan/index.js';
import { runScript } from './run-script.js';

await runScript(async () => {
  const app = makeApp();
  const file = String(app.node.tryGetContext('config') ?? 'platform.yaml');
  const chosen: unknown = app.node.tryGetContext('env');
  const read = await readConfigText(file);
  const all = environmentsOf(read.text);
  const environments = chosen === undefined ? (all.length > 0 ? all : [undefined]) : [String(chosen)];
  for (const env of environments) {
    addStacks(app, makePlan(parsedConfig(read, env).config, { target: 'cluster' }));
  }
  app.synth();
  return 0;
});
