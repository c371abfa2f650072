import type { Config } from '../../config/index.js';
import { PlatformError } from '../../errors.js';
import { localAdmin } from '../../local/admin.js';
import { recordedPlan, runningSupervisor, type StateFolder } from '../../local/index.js';
import { type AdminAction, applyTenants, planTenants } from '../tenants/index.js';

/** The admin plan against the local broker. */
export async function localTenants(
  verb: 'plan' | 'apply',
  config: Config,
  folder: StateFolder,
): Promise<AdminAction[]> {
  if ((await runningSupervisor(folder)) === undefined) {
    throw new PlatformError('LocalNotRunning', 'the local platform is not running', {
      where: folder.root,
      refused: true,
    });
  }
  const plan = await recordedPlan(config, folder);
  const admin = await localAdmin(plan, folder);
  try {
    return await (verb === 'plan' ? planTenants : applyTenants)(admin, plan);
  } finally {
    await admin.close();
  }
}
