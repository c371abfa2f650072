import type { Config } from '../../config/index.js';
import type { PulsarAdmin } from '../../edges/pulsar-admin.js';
import { PlatformError } from '../../errors.js';
import { localAdmin } from '../../local/admin.js';
import { recordedPlan, runningSupervisor, type StateFolder } from '../../local/index.js';
import type { Plan } from '../../plan/index.js';
import { type AdminAction, applyTenants, planTenants } from '../tenants/index.js';

/** The admin plan against the local broker. */
export async function localTenants(
  verb: 'plan' | 'apply',
  config: Config,
  folder: StateFolder,
): Promise<AdminAction[]> {
  return withLocalAdmin(config, folder, (admin, plan) =>
    (verb === 'plan' ? planTenants : applyTenants)(admin, plan),
  );
}

/**
 * The admin API of the broker of this machine, and the plan by which it runs.
 *
 * @throws LocalNotRunning
 */
export async function withLocalAdmin<T>(
  config: Config,
  folder: StateFolder,
  work: (admin: PulsarAdmin, plan: Plan) => Promise<T>,
): Promise<T> {
  if ((await runningSupervisor(folder)) === undefined) {
    throw new PlatformError('LocalNotRunning', 'the local platform is not running', {
      where: folder.root,
      refused: true,
    });
  }
  const plan = await recordedPlan(config, folder);
  const admin = await localAdmin(plan, folder);
  try {
    return await work(admin, plan);
  } finally {
    await admin.close();
  }
}
