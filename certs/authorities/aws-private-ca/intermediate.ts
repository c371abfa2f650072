import type { ACMPCAClient } from '@aws-sdk/client-acm-pca';
import type { KeyAlgorithm } from '../../../platform/plan/index.js';
import type { LocalAuthorityMaterial } from '../../authority.js';
import { newKey } from '../../crypto.js';
import { authorityRequest } from '../../request.js';
import { subordinateOf } from './create.js';
import { describe } from './describe.js';
import type { Patience } from './poll.js';

export interface IntermediateProps {
  readonly client: ACMPCAClient;
  /** ARN of the private CA that signs it, of general mode. */
  readonly parent: string;
  readonly commonName: string;
  readonly algorithm: KeyAlgorithm;
  /** @default 365 */
  readonly days?: number;
  readonly patience?: Patience;
}

/**
 * `pca-subordinate`: one intermediate with a key of ours, signed by a private CA. Whoever holds it signs the leaves
 * without asking AWS again, so the calls and their price stay the same however many leaves there are.
 */
export async function newIntermediate(props: IntermediateProps): Promise<LocalAuthorityMaterial> {
  const { client, parent, commonName, algorithm, days = 365, patience } = props;
  const key = await newKey(algorithm);
  const chain = await subordinateOf(client, await describe(client, parent), {
    csr: await authorityRequest(commonName, key),
    days,
    ...(patience && { patience }),
  });
  return {
    root: chain.roots,
    intermediate: chain.certificate + chain.intermediates,
    intermediateKey: key.pem,
  };
}
