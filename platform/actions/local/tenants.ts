import type { Config } from '../../config/index.js';
import { pulsarAdmin } from '../../edges/pulsar-admin.js';
import { PlatformError } from '../../errors.js';
import { clientTls, recordedPorts, runningSupervisor, type StateFolder, urlOf } from '../../local/index.js';
import { makePlan } from '../../plan/index.js';
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
  const plan = makePlan(config, { target: 'local', ports: await recordedPorts(folder) });
  const admin = pulsarAdmin({
    url: urlOf(plan, 'broker/https'),
    tls: await clientTls(folder),
    tokenFile: folder.token('operator'),
  });
  try {
    return await (verb === 'plan' ? planTenants : applyTenants)(admin, plan);
  } finally {
    await admin.close();
  }
}
