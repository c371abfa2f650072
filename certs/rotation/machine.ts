/** What is so, seen from outside: nothing of it is remembered, all of it is looked at. Roots are named by fingerprint. */
export interface Facts {
  /** The authority that issues now: its root, or an intermediate below a root that may stay. */
  readonly issuer: string;
  /** The root to which it leads. @default - it is one */
  readonly issuerRoot?: string;
  /** The authority that waits to take over. */
  readonly next?: string;
  /** The root to which that leads, or will lead once it is made. @default - it is one */
  readonly nextRoot?: string;
  readonly workloads: readonly WorkloadFacts[];
}

export interface WorkloadFacts {
  readonly workload: string;
  /** Roots in its trust bundle. */
  readonly trusts: readonly string[];
  /** The authority that issued the last certificate for it. */
  readonly issuedBy: string;
  /** Whether all its endpoints serve the certificate that was issued last. */
  readonly serves: boolean;
}

/** What can't be seen from outside, and so is kept. */
export interface RotationState {
  readonly version: 1;
  /** ISO 8601 */
  readonly startedAt: string;
  /** The authorities that are to go, and the roots with them that nothing leads to any more. */
  readonly from: readonly string[];
  /** Since when every bundle is seen to hold the new root. */
  readonly trustedSince?: string;
  /** When everything was seen to accept both. */
  readonly confirmedAt?: string;
  /** Since when every endpoint is seen to serve the new certificates. */
  readonly servedSince?: string;
  /** Whether it goes back instead of on. */
  readonly aborting?: boolean;
}

export interface RotationSettings {
  /**
   * How long after a change of its files the slowest process uses them. Pulsar's parts look every minute or every five,
   * and a mounted Secret follows within one more.
   */
  readonly settleSeconds: number;
  /** Workloads that may be renewed at once, one set after the other. */
  readonly batches: readonly (readonly string[])[];
}

export type Step =
  /** Bring the authority into being that will take over. */
  | { readonly do: 'makeAuthority' }
  /** Add its root to the bundles of these. */
  | { readonly do: 'trust'; readonly root: string; readonly workloads: readonly string[] }
  | { readonly do: 'noteTrusted' }
  /** Let everything take notice of its changed files. */
  | { readonly do: 'wait'; readonly until: Date }
  /** See by handshakes that both roots are accepted. */
  | { readonly do: 'confirm'; readonly root: string }
  | { readonly do: 'switchIssuer'; readonly to: string }
  | { readonly do: 'reissue'; readonly workloads: readonly string[] }
  /** Wait until they serve what was issued. */
  | { readonly do: 'awaitServed'; readonly workloads: readonly string[] }
  | { readonly do: 'noteServed' }
  /** Remove the old roots, and what led from the new one to them. */
  | { readonly do: 'retire'; readonly roots: readonly string[]; readonly workloads: readonly string[] }
  /** Take the new root back from the bundles of these. */
  | { readonly do: 'distrust'; readonly root: string; readonly workloads: readonly string[] }
  /** Forget the authority that was to take over, or what is left of its making. */
  | { readonly do: 'discard' }
  | { readonly do: 'end'; readonly outcome: 'rotated' | 'aborted' };

/** The state in which a rotation begins. */
export function beginRotation({ issuer, next, workloads }: Facts, now: Date): RotationState {
  const roots = new Set([issuer, ...workloads.flatMap(({ trusts }) => trusts)]);
  if (next !== undefined) roots.delete(next);
  return { version: 1, startedAt: now.toISOString(), from: [...roots].sort() };
}

/** Whether the new authority issues already; from here on a rotation only goes on. */
export function isSwitched({ from }: RotationState, { issuer }: Facts): boolean {
  return !from.includes(issuer);
}

/**
 * What to do next. It follows from what is so, hence a rotation that was killed at any point goes on as if it had not
 * been, and ends in the same place. Pure.
 */
export function nextStep(state: RotationState, facts: Facts, settings: RotationSettings, now: Date): Step {
  if (isSwitched(state, facts)) return afterSwitch(state, facts, settings, now);
  return state.aborting ? backwards(facts) : beforeSwitch(state, facts, settings, now);
}

function beforeSwitch(state: RotationState, facts: Facts, settings: RotationSettings, now: Date): Step {
  const { next, workloads } = facts;
  if (next === undefined) return { do: 'makeAuthority' };
  const root = facts.nextRoot ?? next;
  const confirmed = (): Step =>
    state.confirmedAt === undefined ? { do: 'confirm', root } : { do: 'switchIssuer', to: next };
  // Everybody trusts it since long ago.
  if (root === rootOfIssuer(facts)) return confirmed();
  const lacking = workloads.filter(({ trusts }) => !trusts.includes(root));
  if (lacking.length > 0) return { do: 'trust', root, workloads: namesOf(lacking) };
  if (state.trustedSince === undefined) return { do: 'noteTrusted' };
  const until = settled(state.trustedSince, settings);
  if (now < until) return { do: 'wait', until };
  return confirmed();
}

function rootOfIssuer({ issuer, issuerRoot = issuer }: Facts): string {
  return issuerRoot;
}

function afterSwitch(state: RotationState, facts: Facts, settings: RotationSettings, now: Date): Step {
  const { issuer, next, workloads } = facts;
  const renewed = workloads.filter(({ issuedBy }) => issuedBy === issuer);
  const late = renewed.filter(({ serves }) => !serves);
  if (late.length > 0) return { do: 'awaitServed', workloads: namesOf(late) };
  const stale = namesOf(workloads.filter(({ issuedBy }) => issuedBy !== issuer));
  if (stale.length > 0) return { do: 'reissue', workloads: firstBatch(stale, settings) };
  const roots = state.from.filter(root => root !== rootOfIssuer(facts));
  const trusting = workloads.filter(({ trusts }) => roots.some(root => trusts.includes(root)));
  if (trusting.length === 0)
    return next === undefined ? { do: 'end', outcome: 'rotated' } : { do: 'discard' };
  if (state.servedSince === undefined) return { do: 'noteServed' };
  const until = settled(state.servedSince, settings);
  if (now < until) return { do: 'wait', until };
  return { do: 'retire', roots, workloads: namesOf(trusting) };
}

function backwards(facts: Facts): Step {
  const { next, nextRoot: root = next, workloads } = facts;
  if (next === undefined || root === undefined) return { do: 'end', outcome: 'aborted' };
  const trusting =
    root === rootOfIssuer(facts) ? [] : workloads.filter(({ trusts }) => trusts.includes(root));
  return trusting.length > 0 ? { do: 'distrust', root, workloads: namesOf(trusting) } : { do: 'discard' };
}

/** The state after a step was done. */
export function afterStep(state: RotationState, step: Step, now: Date): RotationState {
  switch (step.do) {
    case 'trust': {
      // Whoever was added late must settle and be confirmed like the others.
      const { trustedSince, confirmedAt, ...rest } = state;
      return rest;
    }
    case 'noteTrusted':
      return { ...state, trustedSince: now.toISOString() };
    case 'confirm':
      return { ...state, confirmedAt: now.toISOString() };
    case 'reissue': {
      const { servedSince, ...rest } = state;
      return rest;
    }
    case 'noteServed':
      return { ...state, servedSince: now.toISOString() };
    default:
      return state;
  }
}

function settled(since: string, { settleSeconds }: RotationSettings): Date {
  return new Date(Date.parse(since) + settleSeconds * 1000);
}

function firstBatch(stale: readonly string[], { batches }: RotationSettings): readonly string[] {
  const batch = batches.find(names => names.some(name => stale.includes(name)));
  // Who is in no batch is renewed last, alone.
  return batch?.filter(name => stale.includes(name)) ?? stale.slice(0, 1);
}

function namesOf(workloads: readonly WorkloadFacts[]): string[] {
  return workloads.map(({ workload }) => workload);
}
