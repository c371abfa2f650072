import type { Config } from '../../config/index.js';
import { localAdmin } from '../../local/admin.js';
import { recordedPlan, runningSupervisor, type StateFolder } from '../../local/index.js';
import type { Environment } from '../../local/install/index.js';
import { type LocalChange, previewPlatform } from '../../local/preview.js';
import { makePlan } from '../../plan/index.js';
import type { Mark } from '../cluster/differences.js';
import { type AdminAction, planTenants, wantedActions } from '../tenants/index.js';
import type { Difference } from './difference.js';

export interface LocalDiffOptions {
  readonly config: Config;
  readonly folder: StateFolder;
  readonly env: Environment;
}

/** What `apply --target local` would change: files, processes, and what Pulsar holds. Changes nothing. */
export async function localDifferences({ config, folder, env }: LocalDiffOptions): Promise<Difference[]> {
  const changes = await previewPlatform(config, folder, env);
  return [...changes.map(ofLocalChange), ...(await pulsarDifferences(config, folder))];
}

/** Without a running broker nobody can say what it holds: everything counts as new. */
async function pulsarDifferences(config: Config, folder: StateFolder): Promise<Difference[]> {
  if ((await runningSupervisor(folder)) === undefined) {
    return wantedActions(makePlan(config, { target: 'local' })).map(ofAdminAction);
  }
  const plan = await recordedPlan(config, folder);
  const admin = await localAdmin(plan, folder);
  try {
    return (await planTenants(admin, plan)).map(ofAdminAction);
  } finally {
    await admin.close();
  }
}

function ofLocalChange({ what, name, action, fields }: LocalChange): Difference {
  const marks: Mark[] = what === 'process' && action === 'change' ? ['restarts'] : [];
  return {
    layer: 'local',
    stage: 'local',
    subject: `${what} ${name}`,
    action,
    fields: fields.map(path => ({ path })),
    marks,
  };
}

const DELETES: readonly AdminAction['kind'][] = ['revoke', 'revokeNamespace', 'revokeSubscription'];

/** A step over Pulsar's admin API as a difference. */
export function ofAdminAction(step: AdminAction): Difference {
  const { kind, ...what } = step;
  const texts = Object.values(what).filter(value => typeof value === 'string');
  const common = { layer: 'pulsar', stage: 'tenants', subject: `${kind} ${texts.join(' ')}` } as const;
  if (step.kind === 'setRetention') {
    const { before, retention: after } = step;
    return {
      ...common,
      action: before === undefined ? 'create' : 'change',
      fields: [{ path: 'retention', ...(before && { before }), after }],
      marks: before !== undefined && isShorter(after, before) ? ['data at risk'] : [],
    };
  }
  return {
    ...common,
    action: DELETES.includes(kind) ? 'delete' : kind === 'addPartitions' ? 'change' : 'create',
    fields: Object.entries(what)
      .filter(([, value]) => typeof value !== 'string')
      .map(([path, after]) => ({ path, after })),
    marks: [],
  };
}

type Retention = Extract<AdminAction, { readonly kind: 'setRetention' }>['retention'];

/** Messages that were kept until now may go. Less than 0 keeps them for ever. */
function isShorter(after: Retention, before: Retention): boolean {
  const less = (a: number, b: number) => a >= 0 && (b < 0 || a < b);
  return less(after.minutes, before.minutes) || less(after.sizeMiB, before.sizeMiB);
}
