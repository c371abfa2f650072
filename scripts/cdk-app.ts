// `cdk synth`, `cdk diff`, `cdk deploy` (cdk.json). One environment with `-c env=prod`, else all of the config.
import { readFile } from 'node:fs/promises';
import { loadConfig } from '../platform/actions/load.js';
import { addStacks, makeApp } from '../platform/aws/index.js';
import { environmentsOf } from '../platform/config/index.js';
import { makePlan } from '../platform/plan/index.js';
import { runScript } from './run-script.js';

await runScript(async () => {
  const app = makeApp();
  const file = String(app.node.tryGetContext('config') ?? 'platform.yaml');
  const chosen: unknown = app.node.tryGetContext('env');
  const all = environmentsOf(await readFile(file, 'utf8'));
  const environments = chosen === undefined ? (all.length > 0 ? all : [undefined]) : [String(chosen)];
  for (const env of environments) {
    addStacks(app, makePlan(await loadConfig(file, env), { target: 'cluster' }));
  }
  app.synth();
  return 0;
});
