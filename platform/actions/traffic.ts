import { ServiceError } from '../../demo-services/errors.js';
import {
  type Kill,
  type Progress,
  runTraffic,
  type TrafficProps,
  type TrafficRun,
} from '../../demo-services/traffic/index.js';
import type { Config } from '../config/index.js';
import { PlatformError } from '../errors.js';
import { recordedPlan, runningSupervisor, serviceFiles } from '../local/index.js';
import { serviceEnv } from '../plan/index.js';
import type { Report } from '../report.js';
import type { LocalOptions } from './local/exclusively.js';
import { killPart } from './local/kill.js';

export interface TrafficOptions extends LocalOptions {
  readonly config: Config;
  readonly props: TrafficProps;
  /** The user's choice of a transport. @default 'auto' */
  readonly transport?: string;
}

/** Traffic on the local platform, which must be running: as the identity `traffic` of its plan. */
export async function localTraffic(options: TrafficOptions): Promise<TrafficRun> {
  const { config, folder, report, signal, props, transport } = options;
  if ((await runningSupervisor(folder)) === undefined) {
    throw new PlatformError('LocalNotRunning', 'there is no platform to send to', {
      where: folder.root,
      refused: true,
    });
  }
  const plan = await recordedPlan(config, folder);
  const env = {
    ...serviceEnv(plan, 'traffic', serviceFiles(folder, 'traffic')),
    ...(transport && { PULSAR_TRANSPORT: transport }),
  };
  const kill: Kill = async part => {
    report.warning(part, 'killed with -9');
    const ms = await killPart({ config, folder, report, signal }, part);
    report.success(part, `is back (${(ms / 1000).toFixed(1)} s)`);
  };
  return reportedTraffic(env, props, { report, signal, kill });
}

export interface ReportedOptions {
  readonly report: Report;
  readonly signal: AbortSignal;
  readonly kill?: Kill;
}

/** Traffic wherever the environment says, with its progress told. */
export async function reportedTraffic(
  env: Readonly<Record<string, string | undefined>>,
  props: TrafficProps,
  { report, signal, kill }: ReportedOptions,
): Promise<TrafficRun> {
  const images = Math.round(props.count * props.imageShare);
  report.action(
    'traffic',
    `${props.count - images} spoken messages and ${images} pictures: speaking, drawing`,
  );
  const hooks = {
    onReady: (transport: string) =>
      report.action('traffic', `${props.users} users in ${props.threads} threads, by ${transport}`),
    onProgress: ({ planned, sent, done, failed, open, seconds }: Progress) =>
      report.progress(
        'traffic',
        `${seconds.toFixed(0).padStart(4)} s  sent ${sent}/${planned}  done ${done}  failed ${failed}  open ${open}`,
      ),
    ...(kill && { kill }),
  };
  if (kill === undefined && props.kills.length > 0) {
    throw new PlatformError('TrafficFailed', 'only parts of the local platform can be killed', {
      saw: props.kills.map(name => `--kill ${name}`).join(' '),
      want: 'no --kill where the environment names the broker',
      fix: 'leave it out, or unset PULSAR_SERVICE_URL and PULSAR_WEBSOCKET_URL',
      refused: true,
    });
  }
  try {
    return await runTraffic(env, props, hooks, signal);
  } catch (error) {
    throw error instanceof ServiceError ? traceable(error) : error;
  }
}

/** A failure in the terms of the services, as the kit tells of failures. */
function traceable(error: ServiceError): PlatformError {
  const { code, message, where, saw, want } = error;
  return new PlatformError('TrafficFailed', message, {
    ...(where && { where }),
    saw: saw ? `${code}, ${saw}` : code,
    ...(want && { want }),
    refused: code === 'EnvironmentInvalid',
    cause: error,
  });
}
