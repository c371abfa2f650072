import { readFile } from 'node:fs/promises';
import {
  type AuditRow,
  type AuditSubject,
  type Identity,
  judge,
  newForeigner,
  observe,
  type ProbeOptions,
} from '../../../certs/index.js';
import type { Config } from '../../config/index.js';
import { PlatformError } from '../../errors.js';
import { recordedPlan, runningSupervisor, type StateFolder, serviceFiles } from '../../local/index.js';
import { readWorkload } from '../../local/pki/workload-folder.js';
import type { Plan } from '../../plan/index.js';
import type { Report } from '../../report.js';

export { type AuditRow, auditMetrics } from '../../../certs/index.js';

export interface AuditOptions extends ProbeOptions {
  readonly config: Config;
  readonly folder: StateFolder;
  readonly report: Report;
}

/**
 * Asks every endpoint of the local platform's dial graph what it serves now and what it refuses, dialled as each of its
 * diallers with that dialler's own files.
 *
 * @throws PlatformError LocalNotRunning
 */
export async function auditLocal({ config, folder, report, ...options }: AuditOptions): Promise<AuditRow[]> {
  const supervisor = await runningSupervisor(folder);
  if (supervisor === undefined) {
    throw new PlatformError('LocalNotRunning', 'the local platform is not running', {
      where: folder.root,
      refused: true,
    });
  }
  const plan = await recordedPlan(config, folder);
  const running = new Set(supervisor.processes.map(({ name }) => name));
  const foreigner = await newForeigner();
  const endpoints = plan.endpoints.filter(({ workload }) => running.has(workload));
  report.action('audit', `${endpoints.length} endpoints`);
  return Promise.all(
    endpoints.map(async endpoint => {
      const subject = await subjectOf(endpoint, plan, folder);
      const observation = await observe(subject, foreigner, options);
      const issued = await readFile(serviceFiles(folder, endpoint.workload).certificate, 'utf8');
      return judge(observation, { at: new Date(), issued });
    }),
  );
}

/** The files of a workload. One outside, such as a browser, has none: it trusts the roots and presents nothing. */
async function identityOf(workload: string, folder: StateFolder): Promise<Identity> {
  const own = await readWorkload(folder, workload);
  if (own !== undefined) return own;
  const operator = await readWorkload(folder, 'operator');
  return operator === undefined ? {} : { trust: operator.trust };
}

/** An endpoint of the local platform, with everybody who dials it. */
async function subjectOf(
  endpoint: Plan['endpoints'][number],
  plan: Plan,
  folder: StateFolder,
): Promise<AuditSubject> {
  const presents = new Map(
    plan.workloads.map(workload => [workload.name, workload.presents ?? workload.name]),
  );
  const dialling = plan.dials.filter(({ to }) => to === endpoint.id).map(({ from }) => from);
  const diallers = [...new Set(dialling)].map(async workload => ({
    workload,
    identity: await identityOf(presents.get(workload) ?? workload, folder),
  }));
  return {
    endpoint,
    way: use => use({ host: '127.0.0.1', port: endpoint.port }),
    diallers: await Promise.all(diallers),
  };
}
