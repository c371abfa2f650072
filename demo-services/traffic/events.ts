import type { Result } from '../contract/index.js';
import type { Corruption, Kind } from './corruption.js';

/**
 * What the traffic did and saw; the ledger is made of nothing else. Times are milliseconds since 1970 by the clock of
 * this machine, unless a service says them.
 */
export type TrafficEvent = Sent | Announced | Buried | Checked | Fault;

/** The broker has acknowledged a message. */
export interface Sent {
  readonly event: 'sent';
  readonly id: string;
  readonly kind: Kind;
  readonly author: string;
  readonly thread: string;
  /** What was said, in a spoken message. */
  readonly said?: string;
  readonly corruption?: Corruption;
  /** When its upload began. */
  readonly beganAt: number;
  /** When its object was in the store. */
  readonly uploadedAt: number;
  readonly sentAt: number;
}

/** A result was announced. */
export interface Announced {
  readonly event: 'announced';
  readonly id: string;
  /** Of the Pulsar message: what two readers see is one announcement. */
  readonly messageId: string;
  readonly at: number;
  /** Digest of the bytes. */
  readonly digest: string;
  readonly result: Result;
}

/** A message came into the dead letters. */
export interface Buried {
  readonly event: 'buried';
  readonly id: string;
  readonly messageId: string;
  readonly at: number;
  readonly code: string;
}

/** What the store holds of a message, looked at once everything was over. */
export interface Checked {
  readonly event: 'checked';
  readonly id: string;
  /** Digest of the stored result. @default - there is none */
  readonly digest?: string;
  /** Renditions that the result names and that are not in the store as it says. */
  readonly wrongRenditions: readonly string[];
}

/** A part of the platform was killed, and answered again. */
export interface Fault {
  readonly event: 'fault';
  readonly part: string;
  readonly at: number;
  readonly backAt: number;
}
