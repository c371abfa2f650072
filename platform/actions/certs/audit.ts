import { readFile } from 'node:fs/promises';
import {
  type AuditRow,
  type AuditSubject,
  auditMetrics,
  judge,
  newForeigner,
  observe,
  type ProbeOptions,
} from '../../../certs/index.js';
import type { Config } from '../../config/index.js';
import { PlatformError } from '../../errors.js';
import { recordedPlan, runningSupervisor, type StateFolder, serviceFiles } from '../../local/index.js';
import type { Plan } from '../../plan/index.js';
import type { Report } from '../../report.js';

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

export const metricsOf = auditMetrics;

/** An endpoint of the local platform, with everybody who dials it. */
async function subjectOf(
  endpoint: Plan['endpoints'][number],
  plan: Plan,
  folder: StateFolder,
): Promise<AuditSubject> {
  const presents = new Map(
    plan.workloads.map(workload => [workload.name, workload.presents ?? workload.name]),
  );
  // Who has no certificate of the platform (a browser) trusts by rules of its own.
  const ours = new Set(plan.certificates.map(({ workload }) => workload));
  const dialling = plan.dials
    .filter(({ to }) => to === endpoint.id)
    .map(({ from }) => from)
    .filter(workload => ours.has(presents.get(workload) ?? workload));
  const read = (file: string) => readFile(file, 'utf8');
  const diallers = [...new Set(dialling)].map(async workload => {
    const files = serviceFiles(folder, presents.get(workload) ?? workload);
    const [trust, certificate, key] = await Promise.all([
      read(files.trust),
      read(files.certificate),
      read(files.key),
    ]);
    return { workload, identity: { trust, certificate, key } };
  });
  return {
    endpoint,
    address: { host: '127.0.0.1', port: endpoint.port },
    diallers: await Promise.all(diallers),
  };
}
