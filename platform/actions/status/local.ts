import { X509Certificate } from 'node:crypto';
import process from 'node:process';
import type { Config } from '../../config/index.js';
import { readIfThere } from '../../edges/files.js';
import { PlatformError } from '../../errors.js';
import { localAdmin } from '../../local/admin.js';
import { recordedPlan, type StateFolder, serviceFiles } from '../../local/index.js';
import { keysBeingRevoked } from '../../local/tokens.js';
import type { Plan } from '../../plan/index.js';
import { localStatus } from '../local/status.js';
import type { CertificateFact, StatusFacts } from './facts.js';
import { type BacklogFacts, backlogFacts } from './topics.js';

/** What is so with the local platform, whether or not it runs. */
export async function localFacts(config: Config, folder: StateFolder): Promise<StatusFacts> {
  const [plan, status] = await Promise.all([recordedPlan(config, folder), localStatus(config, folder)]);
  const broker = status.processes.find(({ name }) => name === 'broker');
  const asked = broker?.state === 'ready' ? await askBroker(plan, folder) : NOT_ASKED;
  return {
    name: status.name,
    target: 'local',
    parts: status.processes.map(({ name, state, pid, restarts, log }) => ({
      name,
      state,
      ready: state === 'ready',
      detail: `pid ${pid ?? '-'}, ${restarts} restarts`,
      log: `platform local logs ${name} (${log})`,
    })),
    versions: { node: process.versions.node, ...asked.versions },
    certificates: await certificateFacts(plan, folder),
    keysBeingRevoked: await keysBeingRevoked(folder),
    subscriptions: asked.subscriptions,
    deadLetters: asked.deadLetters,
    disk: { path: folder.root, ...status.disk },
    unknown:
      status.processes.length === 0
        ? [{ what: 'the local platform', reason: 'it is not running: platform local up' }]
        : asked.unknown,
  };
}

type Asked = BacklogFacts & Pick<StatusFacts, 'versions' | 'unknown'>;

const NOT_ASKED: Asked = {
  subscriptions: [],
  deadLetters: [],
  versions: {},
  unknown: [{ what: 'the broker', reason: 'it is not ready' }],
};

async function askBroker(plan: Plan, folder: StateFolder): Promise<Asked> {
  const admin = await localAdmin(plan, folder);
  try {
    const [version, backlog] = await Promise.all([admin.text('brokers/version'), backlogFacts(admin, plan)]);
    return { ...backlog, versions: { pulsar: version }, unknown: [] };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { ...NOT_ASKED, unknown: [{ what: 'the broker', reason: error.saw ?? error.message }] };
  } finally {
    await admin.close();
  }
}

async function certificateFacts({ certificates }: Plan, folder: StateFolder): Promise<CertificateFact[]> {
  const facts = await Promise.all(
    certificates.map(async ({ workload }) => {
      const pem = await readIfThere(serviceFiles(folder, workload).certificate);
      if (pem === undefined) return [];
      const { validFrom, validTo } = new X509Certificate(pem);
      const iso = (text: string) => new Date(text).toISOString();
      return [{ workload, notBefore: iso(validFrom), notAfter: iso(validTo) }];
    }),
  );
  return facts.flat();
}
