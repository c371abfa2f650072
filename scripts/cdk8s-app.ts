// `cdk8s synth` (cdk8s.yaml): the manifests of one environment, PLATFORM_ENV, else of the config without one.
import process from 'node:process';
import { makeKubernetesApp, placeholderOutputs } from '../charts/index.js';
import { loadConfig } from '../platform/actions/load.js';
import { makePlan } from '../platform/plan/index.js';
import { runScript } from './run-script.js';

await runScript(async () => {
  const { PLATFORM_CONFIG = 'platform.yaml', PLATFORM_ENV } = process.env;
  const plan = makePlan(await loadConfig(PLATFORM_CONFIG, PLATFORM_ENV), { target: 'cluster' });
  makeKubernetesApp({ plan, outputs: placeholderOutputs(plan) }).synth();
  return 0;
});
