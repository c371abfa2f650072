import { instance } from '@viz-js/viz';
import { type ClusterPlan, makePlan, type Plan, toDot } from '../plan/index.js';
import { loadConfig } from './load.js';

/** The plan of one environment and target. */
export async function planOf(
  file: string,
  env: string | undefined,
  target: 'local' | 'cluster',
): Promise<Plan | ClusterPlan> {
  return makePlan(await loadConfig(file, env), { target });
}

/** The dial graph as a picture. The same plan gives the same bytes. */
export async function planSvg(plan: Plan): Promise<string> {
  const viz = await instance();
  return viz.renderString(toDot(plan), { format: 'svg' });
}
