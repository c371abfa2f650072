import { it } from 'vitest';
import { type Case, expectFound } from './testing/found.js';

const CASES: readonly Case[] = [
  [
    'LeafTooLongForCa',
    'tls.leafDuration',
    'tls: {leafDuration: 30d}',
    'tls: {leafDuration: 30d, issuer: {mode: general}}',
  ],
  [
    'LeafTooLongForCa',
    'tls.leafDuration',
    'tls: {leafDuration: 1826d, issuer: {mode: general}}',
    'tls: {leafDuration: 1825d, issuer: {mode: general}}',
  ],
  [
    'LeafTooLongForCa',
    'tls.leafDuration',
    'tls: {leafDuration: 91d, issuer: {mode: subordinate}}',
    'tls: {leafDuration: 90d, issuer: {mode: subordinate}}',
  ],
  ['LeafTooShort', 'tls.leafDuration', 'tls: {leafDuration: 30m}', 'tls: {leafDuration: 1h}'],
  ['RenewBeforeUnfit', 'tls.renewBefore', 'tls: {renewBefore: 7d}', 'tls: {renewBefore: 5d}'],
  [
    'IssuerArnMissing',
    'tls.issuer.arn',
    'tls: {issuer: {mode: existing}}',
    'tls: {issuer: {mode: existing, arn: "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/a"}}',
  ],
  [
    'IssuerArnUnused',
    'tls.issuer.arn',
    'tls: {issuer: {arn: "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/a"}}',
    'tls: {issuer: {mode: subordinate}}',
  ],
  [
    'IssuerElsewhere',
    'tls.issuer.arn',
    'tls: {issuer: {mode: existing, arn: "arn:aws:acm-pca:eu-west-1:123456789012:certificate-authority/a"}}',
    'tls: {}',
  ],
  [
    'CaCannotSignAuthorities',
    'tls.issuer.usageMode',
    'tls: {issuer: {mode: subordinate, usageMode: short-lived, arn: "arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/a"}}',
    'tls: {}',
  ],
  [
    'CaCannotSignAuthorities',
    'tls.issuer.usageMode',
    'tls: {issuer: {mode: subordinate, usageMode: short-lived}}',
    'tls: {issuer: {mode: subordinate, usageMode: general}}',
  ],
  [
    'LetsEncryptNeedsRoute53',
    'tls.issuer.kind',
    'dns: {kind: external, certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/a"}\ntls: {issuer: {kind: letsEncrypt, email: a@example.com}}',
    'tls: {issuer: {kind: letsEncrypt, email: a@example.com}}',
  ],
  [
    'Http01Unanswered',
    'tls.issuer.solver',
    'tls: {issuer: {kind: letsEncrypt, email: a@example.com, solver: http01}}',
    'tls: {issuer: {kind: letsEncrypt, email: a@example.com, solver: dns01}}',
  ],
  [
    'Http01Unanswered',
    'tls.issuer.solver',
    'tls: {issuer: {kind: letsEncrypt, email: a@example.com, solver: http01}}\nentrances: {http: {scheme: internal}}',
    'tls: {issuer: {kind: selfSigned}}\nentrances: {http: {scheme: internal}}',
  ],
];

it.each(CASES)('%s at %s is found where it is, and only there', expectFound);
