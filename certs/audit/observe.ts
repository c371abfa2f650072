import type { Endpoint } from '../../platform/plan/index.js';
import { type DialOutcome, dial, type Identity } from '../probe/dial.js';
import { look } from '../probe/look.js';
import { type Negative, negativesOf, probeNegative } from '../probe/negatives.js';
import { untilShown } from '../probe/patience.js';
import { spokenOn } from '../probe/protocols.js';
import type { ProbeOptions, ProbeTarget } from '../probe/target.js';

/**
 * A way to an endpoint, held open while it is used: an address, or a port that is forwarded to a pod. Each connection
 * has its own, since a forwarded port ends with the first connection that is refused.
 */
export type Way = <T>(
  use: (address: { readonly host: string; readonly port: number }) => Promise<T>,
) => Promise<T>;

/** Somebody who dials an endpoint, with what it has to do so. */
export interface Dialler {
  readonly workload: string;
  readonly identity: Identity;
}

/** An endpoint with everything that an audit of it needs. */
export interface AuditSubject {
  readonly endpoint: Endpoint;
  /** How it is reached from here. */
  readonly way: Way;
  /** The name under which it is dialled. @default - the first of its names */
  readonly name?: string;
  /** Which pod of the endpoint's workload. @default - there is only one */
  readonly pod?: string;
  readonly diallers: readonly Dialler[];
}

/** What was seen of an endpoint. */
export interface Observation {
  readonly endpoint: Endpoint;
  readonly pod?: string;
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
  { endpoint, way, name = endpoint.hostnames[0], pod, diallers }: AuditSubject,
  foreigner: Pick<Identity, 'certificate' | 'key'>,
  options: ProbeOptions = {},
): Promise<Observation> {
  const { protocol, tls } = endpoint;
  const dialled = <T>(use: (target: ProbeTarget) => Promise<T>) =>
    way(address => use({ ...address, ...spokenOn(protocol), ...(name !== undefined && { name }) }));
  const unlessAborted = (error: Error): string => {
    if (options.signal?.aborted) throw error;
    return error.message;
  };
  const seen = { endpoint, ...(pod !== undefined && { pod }) };
  const shown = await untilShown(
    () =>
      dialled(target => look(target, options)).then(
        ({ chain }) => ({ served: chain }),
        (error: Error) => ({ silence: unlessAborted(error) }),
      ),
    outcome => 'served' in outcome,
    options,
  );
  // Who shows nothing is one finding, and nothing else is learnt from it.
  if ('silence' in shown) return { ...seen, diallers: [], negatives: [], ...shown };
  const [dialler] = diallers;
  const subject = { protocol, tls, dialler: dialler?.identity ?? {}, foreigner };
  const [outcomes, negatives] = await Promise.all([
    Promise.all(
      diallers.map(async ({ workload, identity }) => ({
        workload,
        ...(identity.trust !== undefined && { trust: identity.trust }),
        outcome: await untilShown(
          () =>
            dialled(target => dial(target, identity, options)).catch(
              (error: Error): DialOutcome => ({ kind: 'unreachable', reason: unlessAborted(error) }),
            ),
          ({ kind }) => kind !== 'unreachable',
          options,
        ),
      })),
    ),
    Promise.all(
      negativesOf(endpoint).map(negative =>
        untilShown(
          () =>
            dialled(target => probeNegative(negative, { ...subject, target }, options)).catch(
              (error: Error): Negative => ({
                ...{ name: negative, outcome: 'notShown', how: unlessAborted(error) },
              }),
            ),
          ({ outcome }) => outcome !== 'notShown',
          options,
        ),
      ),
    ),
  ]);
  return { ...seen, diallers: outcomes, negatives, ...shown };
}
