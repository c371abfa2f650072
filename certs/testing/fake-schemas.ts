import type { KeyObject } from 'node:crypto';
import { z } from 'zod';

/** An exception of AWS' wire protocol. */
export class Refusal extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

const configuration = z.strictObject({
  KeyAlgorithm: z.enum(['RSA_2048', 'RSA_3072', 'RSA_4096', 'EC_prime256v1', 'EC_secp384r1']),
  SigningAlgorithm: z.enum([
    'SHA256WITHECDSA',
    'SHA384WITHECDSA',
    'SHA256WITHRSA',
    'SHA384WITHRSA',
    'SHA512WITHRSA',
  ]),
  Subject: z.strictObject({
    CommonName: z.string().max(64).optional(),
    Organization: z.string().max(64).optional(),
  }),
});
export const arn = z
  .string()
  .regex(/^arn:aws:acm-pca:[a-z0-9-]+:\d{12}:certificate-authority\/[0-9a-f-]{36}$/);
const token = z.string().min(1).max(36).optional();
export const create = z.strictObject({
  CertificateAuthorityConfiguration: configuration,
  CertificateAuthorityType: z.enum(['ROOT', 'SUBORDINATE']),
  UsageMode: z.enum(['GENERAL_PURPOSE', 'SHORT_LIVED_CERTIFICATE']).default('GENERAL_PURPOSE'),
  IdempotencyToken: token,
  Tags: z
    .array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256).optional() }))
    .max(50)
    .default([]),
});
export const issue = z.strictObject({
  CertificateAuthorityArn: arn,
  Csr: z.base64(),
  SigningAlgorithm: configuration.shape.SigningAlgorithm,
  TemplateArn: z.string().optional(),
  Validity: z.strictObject({
    Type: z.enum(['DAYS', 'MONTHS', 'YEARS', 'ABSOLUTE', 'END_DATE']),
    Value: z.int().min(1),
  }),
  IdempotencyToken: token,
});
export const ofAuthority = z.object({ CertificateAuthorityArn: arn });

type Configuration = z.output<typeof configuration>;
export type CreateInput = z.output<typeof create>;
export type IssueInput = z.output<typeof issue>;

export interface FakeAuthority {
  readonly arn: string;
  readonly type: 'ROOT' | 'SUBORDINATE';
  readonly mode: 'GENERAL_PURPOSE' | 'SHORT_LIVED_CERTIFICATE';
  readonly configuration: Configuration;
  readonly key: KeyObject;
  readonly subject: string;
  readonly tags: readonly { readonly Key: string; readonly Value?: string | undefined }[];
  readonly readyAt: number;
  status: 'PENDING_CERTIFICATE' | 'ACTIVE' | 'DISABLED' | 'DELETED' | 'EXPIRED';
  certificate?: { readonly pem: string; readonly chain: string; readonly notAfter: Date };
  readonly issued: Map<string, { readonly pem: string; readonly readyAt: number; readonly serial: string }>;
  readonly revoked: Set<string>;
  readonly reports: Map<string, number>;
}

/** When a validity that begins now ends. */
export function endOf({ Type, Value }: { readonly Type: string; readonly Value: number }): Date {
  if (Type === 'ABSOLUTE') return new Date(Value * 1000);
  const days = { DAYS: 1, MONTHS: 30, YEARS: 365 }[Type];
  if (days === undefined) throw new Refusal('InvalidArgsException', `${Type} is not for this`);
  return new Date(Date.now() + Value * days * 86_400_000);
}

/** Takes apart what a call gives, or refuses it. */
export function parse<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new Refusal('ValidationException', z.prettifyError(parsed.error));
}
