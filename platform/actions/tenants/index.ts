import type { PulsarAdmin } from '../../edges/pulsar-admin.js';
import { applyActions } from './apply.js';
import { type AdminAction, diff } from './diff.js';
import { liveState } from './live.js';
import { type PulsarPlan, type PulsarState, wantedState } from './state.js';

export type { AdminAction } from './diff.js';
export type { PulsarPlan, PulsarState } from './state.js';

/** What would change: nothing when Pulsar is as the plan wants it. */
export async function planTenants(admin: PulsarAdmin, plan: PulsarPlan): Promise<AdminAction[]> {
  return (await driftOf(admin, plan)).actions;
}

/** The same, and what is there. */
export async function driftOf(
  admin: PulsarAdmin,
  plan: PulsarPlan,
): Promise<{ readonly actions: AdminAction[]; readonly live: PulsarState }> {
  const wanted = wantedState(plan);
  const live = await liveState(admin, wanted);
  return { actions: diff(wanted, live), live };
}

/** What would be done to a Pulsar that holds nothing yet. */
export function wantedActions(plan: PulsarPlan): AdminAction[] {
  return diff(wantedState(plan), { tenants: [], namespaces: [] });
}

/** Makes Pulsar's tenants, namespaces, topics and grants as the plan wants them; returns what was done. */
export async function applyTenants(admin: PulsarAdmin, plan: PulsarPlan): Promise<AdminAction[]> {
  const actions = await planTenants(admin, plan);
  if (actions.length > 0) await applyActions(admin, actions);
  return actions;
}
