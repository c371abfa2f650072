import { type Client, connect } from '../../../demo-services/messaging/index.js';
import type { Config } from '../../config/index.js';
import type { PulsarAdmin } from '../../edges/pulsar-admin.js';
import { PlatformError } from '../../errors.js';
import { localAdmin } from '../../local/admin.js';
import { recordedPlan, runningSupervisor, type StateFolder, serviceFiles, urlOf } from '../../local/index.js';
import { OPERATOR_ROLE, type Plan } from '../../plan/index.js';

/** The running local broker: its admin API, and messages as the operator. */
export interface BrokerPorts {
  readonly plan: Plan;
  readonly admin: PulsarAdmin;
  readonly client: Client;
}

/**
 * Opens both for the work, and closes them whatever comes of it.
 *
 * @throws PlatformError LocalNotRunning
 */
export async function withLocalBroker<T>(
  config: Config,
  folder: StateFolder,
  work: (ports: BrokerPorts) => Promise<T>,
): Promise<T> {
  if ((await runningSupervisor(folder)) === undefined) {
    throw new PlatformError('LocalNotRunning', 'the local platform is not running', {
      where: folder.root,
      refused: true,
    });
  }
  const plan = await recordedPlan(config, folder);
  const { trust, certificate, key, token } = serviceFiles(folder, OPERATOR_ROLE);
  const admin = await localAdmin(plan, folder);
  const client = await connect({
    serviceUrl: urlOf(plan, 'broker/pulsar+ssl'),
    webSocketUrl: urlOf(plan, 'broker/wss'),
    credentials: { trustFile: trust, certificateFile: certificate, keyFile: key, tokenFile: token },
  });
  try {
    return await work({ plan, admin, client });
  } finally {
    await client.close();
    await admin.close();
  }
}
