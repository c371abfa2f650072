import type { KeyObject } from 'node:crypto';
import { type Code, type Finding, type FindingDetails, finding } from '../../platform/errors.js';
import type { Certificate } from './certificate.js';

export type Usage = 'server auth' | 'client auth';

/** What a chain must be good for. */
export interface InspectContext {
  /** The time at which it must be valid. */
  readonly at: Date;
  /** File or endpoint that it came from, for findings. */
  readonly source?: string;
  /** The roots that its diallers trust. @default - trust isn't judged */
  readonly roots?: readonly Certificate[];
  /** Host names and addresses under which it is dialled. @default - names are only checked for sense */
  readonly names?: readonly string[];
  /** What it is used for. @default - server auth when `names` are given or it was served, else what it says */
  readonly usages?: readonly Usage[];
  /** The key that should belong to the leaf. */
  readonly key?: KeyObject;
  /** A private CA in this mode issues leaves of at most 7 days. @default - lifetimes aren't judged */
  readonly mode?: 'short-lived' | 'general';
  /**
   * It is an error when the leaf ends within this time.
   * @default - a warning in the last quarter of its life (at most 30 days, at least 12 hours)
   */
  readonly expiresWithinSeconds?: number;
}

/** A certificate and its place in the chain, as findings name it. */
export interface Placed {
  readonly certificate: Certificate;
  /** `chain[0]`, `trust` */
  readonly place: string;
}

/** A finding about one certificate. */
export function about(
  { certificate, place }: Placed,
  context: InspectContext,
  code: Code,
  message: string,
  details: FindingDetails = {},
): Finding {
  return finding(code, `${certificate.info.subject || 'the certificate'} ${message}`, {
    where: { ...(context.source !== undefined && { file: context.source }), path: place },
    ...details,
  });
}
