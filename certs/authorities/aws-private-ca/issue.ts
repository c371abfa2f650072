import {
  type ACMPCAClient,
  GetCertificateAuthorityCertificateCommand,
  GetCertificateCommand,
  IssueCertificateCommand,
  type SigningAlgorithm,
  type Validity,
} from '@aws-sdk/client-acm-pca';
import PQueue from 'p-queue';
import { PlatformError } from '../../../platform/errors.js';
import type { Authority, SigningRequest } from '../../authority.js';
import { type Chain, toChain } from '../../pem.js';
import { checkIssued } from '../check-issued.js';
import { describe, type PrivateCa, partitionOf } from './describe.js';
import { asking, isNamed } from './errors.js';
import { leafTemplate, problemsOf } from './limits.js';
import { type Patience, poll } from './poll.js';
import { idempotencyToken } from './token.js';

export interface PrivateCaProps {
  readonly client: ACMPCAClient;
  /** ARN of the private CA; it may belong to another account that shares it. */
  readonly arn: string;
  readonly patience?: Patience;
}

/** AWS' quota is 25 calls a second for the account; others need some too. */
const CALLS_PER_SECOND = 15;
/** What is known of the authority is asked for again after this time. */
const KNOWN_FOR_MS = 60_000;

/**
 * The authority of `tls.issuer: awsPrivateCa`. Each request is checked against the authority's state, mode and end
 * before it is made, since a refused call is marked failed upstream and an accepted one is billed.
 */
export async function awsPrivateCa({ client, arn, patience }: PrivateCaProps): Promise<Authority> {
  const queue = new PQueue({ concurrency: 10, interval: 1000, intervalCap: CALLS_PER_SECOND });
  const known = remembered(() => describe(client, arn), KNOWN_FOR_MS);
  const { roots } = await authorityChain(client, arn);
  if (roots === '')
    throw new PlatformError('AuthorityWithoutRoot', `${arn} has no root in its chain`, { where: arn });
  const issue = async (request: SigningRequest) => {
    const authority = await known();
    const findings = problemsOf(request, authority, new Date());
    const [first] = findings;
    if (first !== undefined) {
      throw new PlatformError(first.code, first.message, { where: arn, findings, refused: true });
    }
    return issueLeaf(client, authority, request, patience);
  };
  return { roots, issue: request => queue.add(() => issue(request)) };
}

async function issueLeaf(
  client: ACMPCAClient,
  authority: PrivateCa,
  request: SigningRequest,
  patience?: Patience,
): Promise<string> {
  const issued = await issueByTemplate(client, authority, {
    csr: request.csr,
    templateArn: leafTemplate(request.usages, partitionOf(authority.arn)) ?? '',
    validity: validityOf(request.durationSeconds, new Date()),
    ...(patience && { patience }),
  });
  checkIssued(issued.certificate, request, authority.arn);
  return issued.certificate + issued.intermediates;
}

export interface Issuance {
  /** PEM */
  readonly csr: string;
  readonly templateArn: string;
  readonly validity: Validity;
  readonly patience?: Patience;
}

/** Has a certificate issued and waits for it. The same request within five minutes gives the same certificate. */
export async function issueByTemplate(
  client: ACMPCAClient,
  { arn, signingAlgorithm }: PrivateCa,
  { csr, templateArn, validity, patience }: Issuance,
): Promise<Chain> {
  return asking(arn, async () => {
    const { CertificateArn } = await client.send(
      new IssueCertificateCommand({
        CertificateAuthorityArn: arn,
        Csr: Buffer.from(csr),
        SigningAlgorithm: signingAlgorithm as SigningAlgorithm,
        TemplateArn: templateArn,
        Validity: validity,
        IdempotencyToken: idempotencyToken(arn, csr, templateArn, validity.Type, validity.Value),
      }),
    );
    const ask = () => certificateIfThere(client, arn, CertificateArn ?? '');
    return poll(`the certificate of ${arn}`, ask, patience);
  });
}

/** Whole days as such; anything else by its end, since AWS knows no hours. */
export function validityOf(seconds: number, now: Date): Validity {
  if (seconds % 86_400 === 0) return { Type: 'DAYS', Value: seconds / 86_400 };
  return { Type: 'ABSOLUTE', Value: Math.floor(now.getTime() / 1000) + seconds };
}

/** The certificate of an authority itself, and what leads from it to the root. */
export async function authorityChain(client: ACMPCAClient, arn: string): Promise<Chain> {
  return asking(arn, async () => {
    const answer = await client.send(
      new GetCertificateAuthorityCertificateCommand({ CertificateAuthorityArn: arn }),
    );
    return chainOf(answer.Certificate, answer.CertificateChain);
  });
}

async function certificateIfThere(
  client: ACMPCAClient,
  authority: string,
  certificate: string,
): Promise<Chain | undefined> {
  try {
    const answer = await client.send(
      new GetCertificateCommand({ CertificateAuthorityArn: authority, CertificateArn: certificate }),
    );
    return chainOf(answer.Certificate, answer.CertificateChain);
  } catch (error) {
    if (isNamed(error, 'RequestInProgressException')) return undefined;
    throw error;
  }
}

/** AWS ends neither with a line break. */
function chainOf(certificate = '', chain = ''): Chain {
  return toChain(`${certificate}\n${chain}\n`);
}

/** Asks at most once in a while, and once for all who ask at the same time. */
function remembered<T>(ask: () => Promise<T>, forMs: number): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | undefined;
  return () => {
    if (last === undefined || Date.now() - last.at > forMs) {
      const answer = ask();
      last = { at: Date.now(), answer };
      answer.catch(() => {
        last = undefined;
      });
    }
    return last.answer;
  };
}
