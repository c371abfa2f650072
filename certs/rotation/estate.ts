import type { Facts } from './machine.js';

/**
 * What a rotation works on: a platform, as far as its certificates go. Everything in it can be done again after it was
 * done half.
 */
export interface Estate {
  readonly facts: () => Promise<Facts>;
  /**
   * Makes the authority that will take over.
   *
   * @returns whether the present one has signed its root, so that who trusts only the old root can follow new chains
   */
  readonly makeAuthority: () => Promise<{ readonly crossSigned: boolean }>;
  /** Adds the root of the next authority to the bundles of these workloads. */
  readonly trust: (workloads: readonly string[]) => Promise<void>;
  /** Says what does not accept certificates of both authorities yet; nothing when all do. */
  readonly unconfirmed: () => Promise<readonly string[]>;
  /** From now on certificates are issued by the next authority. */
  readonly switchIssuer: () => Promise<void>;
  /** Has the present authority issue new certificates for these workloads, with new keys. */
  readonly reissue: (workloads: readonly string[]) => Promise<void>;
  /** Removes every root but that of the present authority from the bundles of these workloads, and cross-signed chains. */
  readonly retire: (workloads: readonly string[]) => Promise<void>;
  /** Takes the root of the next authority back from the bundles of these workloads. */
  readonly distrust: (workloads: readonly string[]) => Promise<void>;
  /** Forgets the authority that was to take over, or what is left of its making. */
  readonly discard: () => Promise<void>;
}

/** Keeps a small value where it survives: a file, a ConfigMap. */
export interface Store<T> {
  readonly read: () => Promise<T | undefined>;
  readonly write: (value: T) => Promise<void>;
  readonly remove: () => Promise<void>;
}
