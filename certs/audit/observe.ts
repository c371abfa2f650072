import type { Endpoint } from '../../platform/plan/index.js';
import { type DialOutcome, dial, type Identity } from '../probe/dial.js';
import { look } from '../probe/look.js';
import { type Negative, negativesOf, probeNegative } from '../probe/negatives.js';
import { SPOKEN } from '../probe/protocols.js';
import type { ProbeOptions, ProbeTarget } from '../probe/target.js';

/** Somebody who dials an endpoint, with what it has to do so. */
export interface Dialler {
  readonly workload: string;
  readonly identity: Identity;
}

/** An endpoint with everything that an audit of it needs. */
export interface AuditSubject {
  readonly endpoint: Endpoint;
  /** Where it is reached from here. */
  readonly address: { readonly host: string; readonly port: number };
  readonly diallers: readonly Dialler[];
}

/** What was seen of an endpoint. */
export interface Observation {
  readonly endpoint: Endpoint;
  readonly diallers: readonly {
    readonly workload: string;
    readonly trust?: string;
    readonly outcome: DialOutcome;
  }[];
  readonly negatives: readonly Negative[];
  /** DER, in the order in which they are served. Absent when it showed none. */
  readonly served?: readonly Buffer[];
  /** Why it showed none. */
  readonly silence?: string;
}

/**
 * Asks an endpoint for its certificates, dials it as each of its diallers, and tries everything that it must refuse.
 *
 * @param foreigner a client certificate of an authority that nobody trusts
 */
export async function observe(
  { endpoint, address, diallers }: AuditSubject,
  foreigner: Pick<Identity, 'certificate' | 'key'>,
  options: ProbeOptions = {},
): Promise<Observation> {
  const { protocol, tls, hostnames } = endpoint;
  const { begins, greeting } = SPOKEN[protocol];
  const target: ProbeTarget = {
    ...address,
    begins,
    ...(greeting && { greeting }),
    ...(hostnames[0] !== undefined && { name: hostnames[0] }),
  };
  const shown = await look(target, options).then(
    ({ chain }) => ({ served: chain }),
    (error: Error) => {
      if (options.signal?.aborted) throw error;
      return { silence: error.message };
    },
  );
  const [dialler] = diallers;
  const subject = { target, protocol, tls, dialler: dialler?.identity ?? {}, foreigner };
  const [outcomes, negatives] = await Promise.all([
    Promise.all(
      diallers.map(async ({ workload, identity }) => ({
        workload,
        ...(identity.trust !== undefined && { trust: identity.trust }),
        outcome: await dial(target, identity, options),
      })),
    ),
    Promise.all(negativesOf(endpoint).map(name => probeNegative(name, subject, options))),
  ]);
  return { endpoint, diallers: outcomes, negatives, ...shown };
}
