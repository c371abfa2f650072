import {
  afterStep,
  type Facts,
  nextStep,
  type RotationSettings,
  type RotationState,
  type Step,
} from './machine.js';

export interface ForecastStep {
  readonly step: Step['do'];
  readonly workloads: readonly string[];
  /** Seconds from now until it begins. */
  readonly afterSeconds: number;
}

/** A step that changes files or asks for handshakes takes about so long; the rest is waiting. */
const STEP_SECONDS = 2;
const TAKES_TIME: ReadonlySet<Step['do']> = new Set([
  'makeAuthority',
  'reissue',
  'awaitServed',
  'confirm',
  'retire',
]);

/** The steps that are still to come, if all goes well, and when. Pure. */
export function forecast(
  state: RotationState,
  facts: Facts,
  settings: RotationSettings,
  now: Date,
): ForecastStep[] {
  const steps: ForecastStep[] = [];
  let [known, seen, time] = [state, facts, now];
  for (;;) {
    const step = nextStep(known, seen, settings, time);
    if (!step.do.startsWith('note')) {
      steps.push({
        step: step.do,
        workloads: 'workloads' in step ? step.workloads : [],
        afterSeconds: Math.round((time.getTime() - now.getTime()) / 1000),
      });
    }
    if (step.do === 'end') return steps;
    known = afterStep(known, step, time);
    seen = factsAfter(seen, step);
    time =
      step.do === 'wait'
        ? step.until
        : new Date(time.getTime() + (TAKES_TIME.has(step.do) ? STEP_SECONDS * 1000 : 0));
  }
}

/** What is so after a step that went well. */
function factsAfter(facts: Facts, step: Step): Facts {
  const each = (change: (one: Facts['workloads'][number]) => Partial<Facts['workloads'][number]>): Facts => ({
    ...facts,
    workloads: facts.workloads.map(one =>
      'workloads' in step && step.workloads.includes(one.workload) ? { ...one, ...change(one) } : one,
    ),
  });
  switch (step.do) {
    case 'makeAuthority':
      return { ...facts, next: 'the new root' };
    case 'trust':
      return each(({ trusts }) => ({ trusts: [...trusts, step.root] }));
    case 'distrust':
      return each(({ trusts }) => ({ trusts: trusts.filter(root => root !== step.root) }));
    case 'switchIssuer':
      return {
        ...facts,
        issuer: step.to,
        ...(facts.nextRoot !== undefined && { issuerRoot: facts.nextRoot }),
      };
    case 'reissue':
      return each(() => ({ issuedBy: facts.issuer, serves: false }));
    case 'awaitServed':
      return each(() => ({ serves: true }));
    case 'retire':
      return each(({ trusts }) => ({ trusts: trusts.filter(root => !step.roots.includes(root)) }));
    case 'discard': {
      const { next, nextRoot, ...rest } = facts;
      return rest;
    }
    default:
      return facts;
  }
}
