import {
  type ACMPCAClient,
  CreateCertificateAuthorityCommand,
  GetCertificateAuthorityCsrCommand,
  ImportCertificateAuthorityCertificateCommand,
  type KeyAlgorithm as KeyAlgorithmName,
  ListTagsCommand,
} from '@aws-sdk/client-acm-pca';
import { PlatformError } from '../../../platform/errors.js';
import type { KeyAlgorithm } from '../../../platform/plan/index.js';
import { PRIVATE_CA } from '../../../platform/plan/private-ca.js';
import { type Report, silent } from '../../../platform/report.js';
import type { Chain } from '../../pem.js';
import type { AuthoritySigner } from '../own-root.js';
import { describe, fixOfStatus, list, type PrivateCa, partitionOf } from './describe.js';
import { asking, isNamed } from './errors.js';
import { issueByTemplate } from './issue.js';
import { template } from './limits.js';
import { type Patience, poll } from './poll.js';
import { idempotencyToken } from './token.js';

export interface NewPrivateCaProps {
  readonly client: ACMPCAClient;
  /** Common name; with `owner` it is what finds the authority again. */
  readonly commonName: string;
  /** Who it belongs to, written into the tag `platform`. One owner has one authority of a name. */
  readonly owner: string;
  /**
   * Who signs it:
   * - `itself`: it is a root
   * - an ARN: another private CA, of general mode
   * - a signer: a root of our own
   */
  readonly signedBy: 'itself' | { readonly arn: string } | AuthoritySigner;
  /** @default 'short-lived' */
  readonly mode?: PrivateCa['mode'];
  /** @default 'ecdsa-p256' */
  readonly algorithm?: KeyAlgorithm;
  /** Life of its own certificate. @default 3650 */
  readonly days?: number;
  readonly patience?: Patience;
  readonly report?: Report;
}

export const OWNER_TAG = 'platform';
/** Life of an authority's own certificate. */
const DAYS = 3650;
const ENDED = new Set(['DELETED', 'FAILED', 'EXPIRED']);

/**
 * Brings a private CA to life, or finds the one that is there, and goes on where an interrupted run stopped:
 * create → CSR → sign → import → active. Creating costs money each month, so it is looked for before it is made.
 */
export async function ensurePrivateCa(props: NewPrivateCaProps): Promise<PrivateCa> {
  const { client, commonName, patience = {}, report = silent } = props;
  const found = await findOwn(props);
  assertSame(found, props);
  // What will be refused must be refused before it costs anything.
  if (typeof props.signedBy === 'object' && 'arn' in props.signedBy)
    assertMaySign(await describe(client, props.signedBy.arn), props.days ?? DAYS);
  const arn = found?.arn ?? (await create(props));
  report.action('authority', `${found ? 'found' : 'created'} ${arn}`);
  const made = await poll(
    `the private CA ${commonName}`,
    async () => {
      const authority = await describe(client, arn);
      return authority.status === 'CREATING' ? undefined : authority;
    },
    patience,
  );
  if (made.status === 'ACTIVE') return made;
  if (made.status !== 'PENDING_CERTIFICATE') {
    throw new PlatformError('AuthorityNotActive', `${commonName} can't be used`, {
      where: arn,
      saw: made.status,
      want: 'ACTIVE',
      fix: fixOfStatus(made.status),
    });
  }
  report.waiting('authority', 'for its certificate');
  const csr = await csrOf(client, arn, patience);
  await importCertificate(client, arn, await certify(props, made, csr));
  return poll(
    `the private CA ${commonName}`,
    async () => {
      const authority = await describe(client, arn);
      return authority.status === 'ACTIVE' ? authority : undefined;
    },
    patience,
  );
}

/** A private CA keeps the mode and the key that it was made with; what else has its name is another authority. */
function assertSame(
  found: PrivateCa | undefined,
  { commonName, mode = 'short-lived', algorithm = 'ecdsa-p256' }: NewPrivateCaProps,
): void {
  if (found === undefined) return;
  const refuse = (
    code: 'AuthorityModeUnfit' | 'AuthorityAlgorithmUnfit',
    what: string,
    saw: string,
    want: string,
  ) =>
    new PlatformError(code, `there is a private CA ${commonName} of another ${what}`, {
      ...{ where: found.arn, saw, want: `${want}, or another name`, refused: true },
    });
  if (found.mode !== mode) throw refuse('AuthorityModeUnfit', 'mode', found.mode, mode);
  const { key } = PRIVATE_CA.algorithms[algorithm];
  if (found.keyAlgorithm !== key) throw refuse('AuthorityAlgorithmUnfit', 'key', found.keyAlgorithm, key);
}

async function findOwn({
  client,
  commonName,
  owner,
  signedBy,
}: NewPrivateCaProps): Promise<PrivateCa | undefined> {
  const type = signedBy === 'itself' ? 'root' : 'subordinate';
  const candidates = (await list(client)).filter(
    authority =>
      authority.commonName === commonName && authority.type === type && !ENDED.has(authority.status),
  );
  for (const candidate of candidates) {
    const { Tags = [] } = await asking(candidate.arn, () =>
      client.send(new ListTagsCommand({ CertificateAuthorityArn: candidate.arn })),
    );
    if (Tags.some(({ Key, Value }) => Key === OWNER_TAG && Value === owner)) return candidate;
  }
  return undefined;
}

async function create(props: NewPrivateCaProps): Promise<string> {
  const { client, commonName, owner, signedBy, mode = 'short-lived', algorithm = 'ecdsa-p256' } = props;
  const { key, signing } = PRIVATE_CA.algorithms[algorithm];
  const answer = await asking(commonName, () =>
    client.send(
      new CreateCertificateAuthorityCommand({
        CertificateAuthorityType: signedBy === 'itself' ? 'ROOT' : 'SUBORDINATE',
        CertificateAuthorityConfiguration: {
          // The client's own list is older than AWS' RSA_3072.
          KeyAlgorithm: key as KeyAlgorithmName,
          SigningAlgorithm: signing,
          Subject: { CommonName: commonName, Organization: owner },
        },
        UsageMode: mode === 'short-lived' ? 'SHORT_LIVED_CERTIFICATE' : 'GENERAL_PURPOSE',
        Tags: [{ Key: OWNER_TAG, Value: owner }],
        IdempotencyToken: idempotencyToken(commonName, owner, signerOf(signedBy), mode, algorithm),
      }),
    ),
  );
  return answer.CertificateAuthorityArn ?? '';
}

function signerOf(signedBy: NewPrivateCaProps['signedBy']): string {
  if (signedBy === 'itself') return signedBy;
  return 'arn' in signedBy ? signedBy.arn : 'own root';
}

async function csrOf(client: ACMPCAClient, arn: string, patience: Patience): Promise<string> {
  const ask = async () => {
    try {
      const answer = await client.send(
        new GetCertificateAuthorityCsrCommand({ CertificateAuthorityArn: arn }),
      );
      return answer.Csr;
    } catch (error) {
      if (isNamed(error, 'RequestInProgressException')) return undefined;
      throw error;
    }
  };
  return asking(arn, () => poll(`the signing request of ${arn}`, ask, patience));
}

async function certify(props: NewPrivateCaProps, authority: PrivateCa, csr: string): Promise<Chain> {
  const { client, signedBy, days = DAYS, patience = {} } = props;
  const validity = { Type: 'DAYS', Value: days } as const;
  if (signedBy === 'itself') {
    const templateArn = template('RootCACertificate', partitionOf(authority.arn));
    return issueByTemplate(client, authority, { csr, templateArn, validity, patience });
  }
  if (!('arn' in signedBy)) return signedBy.sign(csr, days);
  const parent = await describe(client, signedBy.arn);
  return subordinateOf(client, parent, { csr, days, patience });
}

export interface SubordinateRequest {
  /** PEM, PKCS #10 */
  readonly csr: string;
  readonly days: number;
  readonly patience?: Patience;
}

/**
 * Has a private CA sign an authority that may sign leaves only.
 *
 * @throws PlatformError AuthorityNotActive; AuthorityModeUnfit when it is of short-lived mode; CertOutlivesIssuer
 */
export async function subordinateOf(
  client: ACMPCAClient,
  parent: PrivateCa,
  { csr, days, patience }: SubordinateRequest,
): Promise<Chain> {
  assertMaySign(parent, days);
  return issueByTemplate(client, parent, {
    csr,
    templateArn: template('SubordinateCACertificate_PathLen0', partitionOf(parent.arn)),
    validity: { Type: 'DAYS', Value: days },
    ...(patience && { patience }),
  });
}

function assertMaySign(parent: PrivateCa, days: number): void {
  const refuse = (
    code: 'AuthorityNotActive' | 'AuthorityModeUnfit' | 'CertOutlivesIssuer',
    message: string,
    saw: string,
    want: string,
  ) => new PlatformError(code, message, { where: parent.arn, saw, want, refused: true });
  if (parent.status !== 'ACTIVE') {
    throw refuse('AuthorityNotActive', 'the parent can not issue', parent.status, 'ACTIVE');
  }
  if (parent.mode === 'short-lived') {
    throw refuse('AuthorityModeUnfit', 'a short-lived authority signs leaves only', parent.mode, 'general');
  }
  const end = new Date(Date.now() + days * 86_400_000);
  if (parent.notAfter !== undefined && end > parent.notAfter) {
    throw refuse(
      'CertOutlivesIssuer',
      'the authority would outlive its parent',
      end.toISOString(),
      `<= ${parent.notAfter.toISOString()}`,
    );
  }
}

async function importCertificate(client: ACMPCAClient, arn: string, chain: Chain): Promise<void> {
  const above = chain.intermediates + (chain.roots === chain.certificate ? '' : chain.roots);
  await asking(arn, async () => {
    try {
      await client.send(
        new ImportCertificateAuthorityCertificateCommand({
          CertificateAuthorityArn: arn,
          Certificate: Buffer.from(chain.certificate),
          ...(above !== '' && { CertificateChain: Buffer.from(above) }),
        }),
      );
    } catch (error) {
      // Tried again after an answer that was lost, it has its certificate already.
      if (!isNamed(error, 'InvalidStateException')) throw error;
      if ((await describe(client, arn)).status !== 'ACTIVE') throw error;
    }
  });
}
