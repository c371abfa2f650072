import { createPublicKey, randomUUID, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { parseCertificate } from '../inspect/certificate.js';
import { certificatesIn } from '../pem.js';
import {
  arn,
  type CreateInput,
  create,
  endOf,
  type FakeAuthority,
  type IssueInput,
  issue,
  ofAuthority,
  parse,
  Refusal,
} from './fake-schemas.js';
import { issueLike, type Template, templateOf } from './fake-templates.js';
import { type Forged, forgeRequest, keyIdOf, newTestKey } from './forge.js';

export interface FakeLimits {
  /** @default 200 */
  readonly maxAuthorities?: number;
  /** How long an authority is being created, and a certificate issued. @default 30 */
  readonly delayMs?: number;
}

/** What AWS Private CA keeps, and its rules. */
export class FakeAuthorities {
  readonly #all = new Map<string, FakeAuthority>();
  readonly #tokens = new Map<string, { readonly input: string; readonly result: object }>();
  readonly #delayMs: number;
  readonly #maxAuthorities: number;
  /** What AWS would put on the bill. */
  readonly billed = { authorities: 0, certificates: 0 };

  constructor({ maxAuthorities = 200, delayMs = 30 }: FakeLimits = {}) {
    this.#maxAuthorities = maxAuthorities;
    this.#delayMs = delayMs;
  }

  /** Brings an authority into a state that no call leads to, or back. */
  setStatus(id: string, status: FakeAuthority['status']): void {
    this.#find({ CertificateAuthorityArn: id }).status = status;
  }

  call(operation: string, input: unknown): object {
    const operations: Readonly<Record<string, (input: unknown) => object>> = {
      CreateCertificateAuthority: given =>
        this.#once('create', parse(create, given), made => this.#create(made)),
      DescribeCertificateAuthority: given => ({ CertificateAuthority: this.#describe(this.#find(given)) }),
      ListCertificateAuthorities: () => ({
        CertificateAuthorities: [...this.#all.values()].map(one => this.#describe(one)),
      }),
      ListTags: given => ({ Tags: this.#find(given).tags }),
      GetCertificateAuthorityCsr: given => this.#csr(this.#find(given)),
      ImportCertificateAuthorityCertificate: given => this.#import(given),
      GetCertificateAuthorityCertificate: given => this.#ownCertificate(this.#find(given)),
      IssueCertificate: given => this.#once('issue', parse(issue, given), asked => this.#issue(asked)),
      GetCertificate: given => this.#certificate(given),
      RevokeCertificate: given => this.#revoke(given),
      CreateCertificateAuthorityAuditReport: given => this.#report(given),
      DescribeCertificateAuthorityAuditReport: given => this.#reportStatus(given),
      UpdateCertificateAuthority: given => this.#update(given),
      DeleteCertificateAuthority: given => this.#delete(given),
      RestoreCertificateAuthority: given => this.#restore(this.#find(given)),
    };
    const run = operations[operation];
    if (run === undefined) throw new Refusal('UnknownOperationException', operation);
    return run(input);
  }

  /** The same token with the same request gives the same result; with another request it is refused. */
  #once<T extends { IdempotencyToken?: string | undefined }>(
    kind: string,
    input: T,
    make: (input: T) => object,
  ): object {
    if (input.IdempotencyToken === undefined) return make(input);
    const key = `${kind} ${input.IdempotencyToken}`;
    const before = this.#tokens.get(key);
    const text = JSON.stringify(input);
    if (before !== undefined && before.input !== text) {
      throw new Refusal('InvalidArgsException', 'the idempotency token belongs to another request');
    }
    const result = before?.result ?? make(input);
    this.#tokens.set(key, { input: text, result });
    return result;
  }

  #create(made: CreateInput): object {
    if (this.#all.size >= this.#maxAuthorities)
      throw new Refusal('LimitExceededException', 'too many authorities');
    const { KeyAlgorithm, SigningAlgorithm, Subject } = made.CertificateAuthorityConfiguration;
    const isRsa = KeyAlgorithm.startsWith('RSA');
    if (isRsa !== SigningAlgorithm.endsWith('RSA')) {
      throw new Refusal('InvalidArgsException', 'the signing algorithm does not fit the key algorithm');
    }
    const id = `arn:aws:acm-pca:eu-central-1:111122223333:certificate-authority/${randomUUID()}`;
    this.billed.authorities += 1;
    this.#all.set(id, {
      arn: id,
      type: made.CertificateAuthorityType,
      mode: made.UsageMode,
      configuration: made.CertificateAuthorityConfiguration,
      key: newTestKey(isRsa ? `rsa-${Number(KeyAlgorithm.slice('RSA_'.length))}` : 'p256'),
      subject: [Subject.Organization && `O=${Subject.Organization}`, `CN=${Subject.CommonName}`]
        .filter(Boolean)
        .join(', '),
      tags: made.Tags,
      readyAt: Date.now() + this.#delayMs,
      status: 'PENDING_CERTIFICATE',
      issued: new Map(),
      revoked: new Set(),
      reports: new Map(),
    });
    return { CertificateAuthorityArn: id };
  }

  #describe(one: FakeAuthority): object {
    return {
      Arn: one.arn,
      Type: one.type,
      UsageMode: one.mode,
      Status: Date.now() < one.readyAt ? 'CREATING' : one.status,
      CertificateAuthorityConfiguration: one.configuration,
      ...(one.certificate && { NotAfter: one.certificate.notAfter.getTime() / 1000 }),
    };
  }

  #csr(one: FakeAuthority): object {
    if (Date.now() < one.readyAt) throw new Refusal('RequestInProgressException', 'the key is being made');
    return { Csr: forgeRequest({ subject: one.subject, key: one.key, ca: true }) };
  }

  #import(given: unknown): object {
    const input = parse(
      z.object({
        CertificateAuthorityArn: arn,
        Certificate: z.base64(),
        CertificateChain: z.base64().optional(),
      }),
      given,
    );
    const one = this.#find(given);
    if (one.status !== 'PENDING_CERTIFICATE') throw new Refusal('InvalidStateException', one.status);
    const text = (encoded = '') => Buffer.from(encoded, 'base64').toString();
    const [certificate] = certificatesIn(text(input.Certificate));
    if (certificate === undefined) throw new Refusal('MalformedCertificateException', 'no certificate');
    if (!createPublicKey(one.key).equals(certificate.x509.publicKey)) {
      throw new Refusal('CertificateMismatchException', 'another key');
    }
    const chain = certificatesIn(text(input.CertificateChain));
    if (one.type === 'SUBORDINATE' && !chain.at(-1)?.selfSigned) {
      throw new Refusal('MalformedCertificateException', 'the chain does not end at a root');
    }
    if (one.type === 'ROOT' && chain.length > 0)
      throw new Refusal('InvalidRequestException', 'a root has no chain');
    one.status = 'ACTIVE';
    one.certificate = {
      pem: certificate.pem.trimEnd(),
      chain: chain
        .map(({ pem }) => pem)
        .join('')
        .trimEnd(),
      notAfter: new Date(certificate.x509.validTo),
    };
    return {};
  }

  #ownCertificate({ certificate, status }: FakeAuthority): object {
    if (certificate === undefined) throw new Refusal('InvalidStateException', status);
    return {
      Certificate: certificate.pem,
      ...(certificate.chain && { CertificateChain: certificate.chain }),
    };
  }

  #issue(asked: IssueInput): object {
    const one = this.#find(asked);
    const csr = Buffer.from(asked.Csr, 'base64').toString();
    const template = templateOf(asked.TemplateArn);
    const ownRoot =
      template.name === 'RootCACertificate' && one.type === 'ROOT' && one.status === 'PENDING_CERTIFICATE';
    if (!ownRoot && one.status !== 'ACTIVE')
      throw new Refusal('InvalidStateException', `the authority is ${one.status}`);
    if (asked.SigningAlgorithm.endsWith('RSA') !== one.configuration.KeyAlgorithm.startsWith('RSA')) {
      throw new Refusal(
        'InvalidArgsException',
        'the signing algorithm does not fit the key of the authority',
      );
    }
    const notAfter = endOf(asked.Validity);
    this.#checkValidity(one, template, notAfter);
    const forged = issueLike(template, csr, signerOf(one), notAfter);
    this.billed.certificates += 1;
    const id = `${one.arn}/certificate/${randomUUID().replaceAll('-', '')}`;
    const [certificate] = certificatesIn(forged.pem);
    one.issued.set(id, {
      pem: forged.pem.trimEnd(),
      readyAt: Date.now() + this.#delayMs,
      serial: certificate?.x509.serialNumber ?? '',
    });
    return { CertificateArn: id };
  }

  #checkValidity(one: FakeAuthority, template: Template, notAfter: Date): void {
    const days = (notAfter.getTime() - Date.now()) / 86_400_000;
    if (template.name === 'RootCACertificate') return;
    if (one.mode === 'SHORT_LIVED_CERTIFICATE' && (template.ca || days > 7.01)) {
      throw new Refusal('InvalidArgsException', 'a short-lived authority issues leaves of at most 7 days');
    }
    if (one.certificate !== undefined && notAfter > one.certificate.notAfter) {
      throw new Refusal('InvalidArgsException', 'the certificate would outlive the authority');
    }
  }

  #certificate(given: unknown): object {
    const input = parse(z.object({ CertificateAuthorityArn: arn, CertificateArn: z.string() }), given);
    const one = this.#find(given);
    const issued = one.issued.get(input.CertificateArn);
    if (issued === undefined) throw new Refusal('ResourceNotFoundException', input.CertificateArn);
    if (Date.now() < issued.readyAt) throw new Refusal('RequestInProgressException', 'it is being issued');
    const chain = [one.certificate?.pem, one.certificate?.chain].filter(Boolean).join('\n');
    return { Certificate: issued.pem, ...(chain && { CertificateChain: chain }) };
  }

  #revoke(given: unknown): object {
    const serial = z.string().regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})*$/);
    const reasons = z.enum([
      'UNSPECIFIED',
      'KEY_COMPROMISE',
      'SUPERSEDED',
      'CESSATION_OF_OPERATION',
      'PRIVILEGE_WITHDRAWN',
    ]);
    const input = parse(z.object({ CertificateSerial: serial, RevocationReason: reasons }), given);
    const one = this.#find(given);
    const wanted = input.CertificateSerial.replaceAll(':', '').toUpperCase();
    if (![...one.issued.values()].some(issued => issued.serial === wanted)) {
      throw new Refusal('ResourceNotFoundException', 'no such serial number');
    }
    if (one.revoked.has(wanted)) throw new Refusal('RequestAlreadyProcessedException', 'it is revoked');
    one.revoked.add(wanted);
    return {};
  }

  #report(given: unknown): object {
    parse(
      z.object({ S3BucketName: z.string().min(3), AuditReportResponseFormat: z.enum(['JSON', 'CSV']) }),
      given,
    );
    const id = randomUUID();
    this.#find(given).reports.set(id, Date.now() + this.#delayMs);
    return { AuditReportId: id, S3Key: `audit-report/${id}.json` };
  }

  #reportStatus(given: unknown): object {
    const { AuditReportId } = parse(z.object({ AuditReportId: z.string() }), given);
    const readyAt = this.#find(given).reports.get(AuditReportId);
    if (readyAt === undefined) throw new Refusal('ResourceNotFoundException', AuditReportId);
    return { AuditReportStatus: Date.now() < readyAt ? 'CREATING' : 'SUCCESS' };
  }

  #update(given: unknown): object {
    const { Status } = parse(z.object({ Status: z.enum(['ACTIVE', 'DISABLED']) }), given);
    const one = this.#find(given);
    if (one.status !== 'ACTIVE' && one.status !== 'DISABLED')
      throw new Refusal('InvalidStateException', one.status);
    one.status = Status;
    return {};
  }

  #delete(given: unknown): object {
    parse(z.object({ PermanentDeletionTimeInDays: z.int().min(7).max(30) }), given);
    const one = this.#find(given);
    if (one.status === 'ACTIVE') throw new Refusal('InvalidStateException', 'disable it first');
    one.status = 'DELETED';
    return {};
  }

  #restore(one: FakeAuthority): object {
    if (one.status !== 'DELETED') throw new Refusal('InvalidStateException', one.status);
    one.status = 'DISABLED';
    return {};
  }

  #find(given: unknown): FakeAuthority {
    const { CertificateAuthorityArn: id } = parse(ofAuthority, given);
    const one = this.#all.get(id);
    if (one === undefined) throw new Refusal('ResourceNotFoundException', id);
    return one;
  }
}

/** The authority key identifier is the one in its certificate, however that was made. */
function signerOf({ key, subject, certificate }: FakeAuthority): Pick<Forged, 'key' | 'subject' | 'keyId'> {
  const own = certificate && parseCertificate(new X509Certificate(certificate.pem).raw).keyId;
  return { key, subject, keyId: own === undefined ? keyIdOf(key) : Buffer.from(own, 'hex') };
}
