import { z } from 'zod';
import { arn, duration, email } from './values.js';

const keyAlgorithm = z.enum(['ecdsa-p256', 'rsa-2048', 'rsa-3072', 'rsa-4096']);

const awsPrivateCa = z
  .strictObject({
    kind: z.literal('awsPrivateCa'),
    mode: z
      .enum(['short-lived', 'general', 'existing', 'subordinate'])
      .default('short-lived')
      .describe(
        [
          '`short-lived`: one CA for leaves of at most 7 days, $50 a month.',
          '`general`: root and subordinate, $400 a month each.',
          '`existing`: the CA of `arn`, also in another account, shared by RAM under a permission of its owner (docs/aws.md).',
          '`subordinate`: the CA of `arn` (or a new one) signs one intermediate that signs the leaves inside the cluster,',
          'so that calls and their price stay constant.',
        ].join(' '),
      ),
    arn: arn('acm-pca', 'arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/…')
      .optional()
      .describe('The CA, for `existing`; for `subordinate` the parent. @default - a new one'),
    nextArn: arn('acm-pca', 'arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/…')
      .optional()
      .describe(
        'The CA that is to take over: the issuer may ask it too, so that `platform certs rotate-ca` can. @default - none',
      ),
    usageMode: z
      .enum(['short-lived', 'general'])
      .default('general')
      .describe(
        'Usage mode of the CA of `arn`; a short-lived one signs leaves of at most 7 days, and no intermediate.',
      ),
  })
  .describe('AWS Private CA.');

const letsEncrypt = z
  .strictObject({
    kind: z.literal('letsEncrypt'),
    email: email.describe('Where the authority writes to before a certificate expires.'),
    staging: z
      .boolean()
      .default(false)
      .describe('Use its staging endpoint, whose certificates nobody trusts.'),
    solver: z
      .enum(['dns01', 'http01'])
      .default('dns01')
      .describe(
        'How a name is proven. `http01` is refused: no name that the cluster serves itself answers on port 80.',
      ),
  })
  .describe(
    "An issuer `letsencrypt` (Let's Encrypt by DNS-01) for Certificates of your own below `domain`, wildcards too; what the kit makes stays on a self-signed authority, and the load balancer on ACM.",
  );

const selfSigned = z
  .strictObject({ kind: z.literal('selfSigned') })
  .describe('A root made by cert-manager inside the cluster.');

export const tls = z
  .strictObject({
    issuer: z
      .discriminatedUnion('kind', [awsPrivateCa, letsEncrypt, selfSigned])
      .prefault({ kind: 'awsPrivateCa' })
      .describe('Who signs the certificates.'),
    algorithm: keyAlgorithm
      .default('ecdsa-p256')
      .describe('Key of every leaf certificate that the kit asks for.'),
    authorityAlgorithm: keyAlgorithm
      .default('ecdsa-p256')
      .describe(
        'Key of every authority that the kit makes in AWS or in the cluster. It is chosen once: another one is another authority, which nobody trusts yet.',
      ),
    leafDuration: duration.default('7d').describe('How long a leaf certificate is valid.'),
    renewBefore: duration
      .optional()
      .describe('How long before its end a certificate is renewed. @default - two thirds of `leafDuration`'),
    mutual: z
      .boolean()
      .default(true)
      .describe('Whether clients of brokers and proxies must present a certificate, besides their token.'),
  })
  .prefault({})
  .describe('Certificates.');
