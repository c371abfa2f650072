import type { Finding } from '../../errors.js';
import type { FieldChange, Mark } from '../cluster/differences.js';

/** One thing that applying would change, in whichever layer. */
export interface Difference {
  /** `aws`: a resource of a stack; `kubernetes`: an object; `pulsar`: a policy; `local`: a part on this machine. */
  readonly layer: 'aws' | 'kubernetes' | 'pulsar' | 'local';
  /** Stage of `apply` that would do it. */
  readonly stage: string;
  /** `Deployment services/web`, `process transcriber`, `grant persistent://…` */
  readonly subject: string;
  /** `unknown`: it is there, and what it holds can not be compared here; `finding` says why. */
  readonly action: 'create' | 'change' | 'delete' | 'unknown';
  readonly fields: readonly FieldChange[];
  /** What it means for those who use the platform. */
  readonly marks: readonly Mark[];
  /**
   * Why applying leaves something of it as it is, though the config wants something else; or why it can not be compared.
   * @default - nothing is left, and all is compared
   */
  readonly finding?: Finding;
}

/** Whether applying is known to change anything. What could not be compared is none. */
export function differs(differences: readonly Difference[]): boolean {
  return differences.some(({ action }) => action !== 'unknown');
}

export interface DifferenceCounts {
  readonly create: number;
  readonly change: number;
  readonly delete: number;
}

export function countsOf(differences: readonly Difference[]): DifferenceCounts {
  const count = (action: Difference['action']) => differences.filter(it => it.action === action).length;
  return { create: count('create'), change: count('change'), delete: count('delete') };
}
