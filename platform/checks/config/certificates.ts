import { configRules } from './config-rules.js';

/** Pages of the rules in platform/config/rules/tls.ts. */
export const CERTIFICATE_PAGES = configRules([
  {
    code: 'LeafTooShort',
    group: 'config',
    severity: 'error',
    happens: "cert-manager's webhook refuses every certificate.",
    why: 'It takes no less than an hour.',
    source: 'https://cert-manager.io/docs/usage/certificate/',
    examples: { bad: { config: 'tls: {leafDuration: 30m}' }, good: { config: 'tls: {leafDuration: 1h}' } },
  },
  {
    code: 'IssuerArnMissing',
    group: 'config',
    severity: 'error',
    happens: 'The issuer has nobody to ask.',
    why: 'Mode existing uses a CA that is there.',
    source: 'https://github.com/cert-manager/aws-privateca-issuer/issues/50',
    examples: {
      bad: { config: 'tls: {issuer: {mode: existing}}' },
      good: {
        config:
          'tls: {issuer: {mode: existing, arn: "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/a"}}',
      },
    },
  },
  {
    code: 'IssuerArnUnused',
    group: 'config',
    severity: 'error',
    happens: 'Certificates come from another CA than everybody believes, and nobody trusts them.',
    why: 'Modes short-lived and general make a CA of their own.',
    source: 'https://github.com/cert-manager/aws-privateca-issuer/issues/409',
    examples: {
      bad: {
        config: 'tls: {issuer: {arn: "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/a"}}',
      },
      good: { config: 'tls: {issuer: {mode: subordinate}}' },
    },
  },
  {
    code: 'IssuerElsewhere',
    group: 'config',
    severity: 'error',
    happens: 'Every request fails: the issuer asks in its own region only.',
    why: 'A private CA is a resource of one region.',
    source: 'https://github.com/cert-manager/aws-privateca-issuer/issues/351',
    examples: {
      bad: {
        config:
          'tls: {issuer: {mode: existing, arn: "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/a"}}',
      },
      good: { config: 'tls: {}' },
    },
  },
  {
    code: 'CaCannotSignAuthorities',
    group: 'config',
    severity: 'error',
    happens: 'The intermediate is refused, and with it every certificate of the cluster.',
    why: 'A CA in short-lived mode must be the last one of its chain.',
    source: 'https://docs.aws.amazon.com/privateca/latest/userguide/short-lived-certificates.html',
    examples: {
      bad: {
        config:
          'tls: {issuer: {mode: subordinate, usageMode: short-lived, arn: "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/a"}}',
      },
      good: { config: 'tls: {}' },
    },
  },
  {
    code: 'Http01Unanswered',
    group: 'config',
    severity: 'error',
    happens: 'Challenges stay pending, and every failed attempt counts against the limits of the authority.',
    why: 'HTTP-01 asks port 80 of the very name: that of the load balancer redirects to names that ACM certifies, and an NLB has none.',
    source: 'https://letsencrypt.org/docs/challenge-types/#http-01-challenge',
    examples: {
      bad: { config: 'tls: {issuer: {kind: letsEncrypt, email: a@example.com, solver: http01}}' },
      good: { config: 'tls: {issuer: {kind: letsEncrypt, email: a@example.com, solver: dns01}}' },
    },
  },
  {
    code: 'LetsEncryptNeedsRoute53',
    group: 'config',
    severity: 'error',
    happens: 'Orders stay pending: nobody can write the record that proves the domain.',
    why: 'The names are proved by DNS-01.',
    source: 'https://cert-manager.io/docs/configuration/acme/dns01/route53/',
    examples: {
      bad: {
        config:
          'dns: {kind: external, certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/a"}\ntls: {issuer: {kind: letsEncrypt, email: a@example.com}}',
      },
      good: { config: 'tls: {issuer: {kind: letsEncrypt, email: a@example.com}}' },
    },
  },
]);
