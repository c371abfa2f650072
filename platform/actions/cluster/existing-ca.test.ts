import { describe, expect, it } from 'vitest';
import { configOf, MINIMAL } from '../../config/testing/configs.js';
import { wantedCas } from './existing-ca.js';

const ARN = 'arn:aws:acm-pca:eu-central-1:123456789012:certificate-authority/a';
const NEXT = ARN.replace(/a$/, 'b');
const YEAR = 365 * 86_400;

const wanted = (tls: string, made?: string) =>
  wantedCas({ config: configOf(`${MINIMAL}tls: ${tls}\n`) }, made);

describe('what a config wants of its private CAs', () => {
  it('is a life and a mode, of the one that it names and of the next one', () => {
    const needs = { signs: 'leaves', seconds: 7 * 86_400, mode: 'general' };
    const tls = `{ issuer: { mode: existing, usageMode: general, arn: "${ARN}", nextArn: "${NEXT}" } }`;
    expect(wanted(tls)).toEqual([
      { arn: ARN, needs },
      { arn: NEXT, needs },
    ]);
    expect(wanted(tls, 'made')).toEqual(wanted(tls));
  });

  it('is an intermediate where that signs the leaves', () => {
    const needs = { signs: 'intermediate', seconds: YEAR, mode: 'general' };
    expect(wanted(`{ issuer: { mode: subordinate, arn: "${ARN}" } }`)).toEqual([{ arn: ARN, needs }]);
  });

  it('is the key too of the one that the stacks have made, and nothing before they have', () => {
    expect(wanted('{ authorityAlgorithm: rsa-3072 }')).toEqual([]);
    expect(wanted('{ authorityAlgorithm: rsa-3072 }', 'made')).toEqual([
      {
        arn: 'made',
        needs: { signs: 'leaves', seconds: 7 * 86_400, mode: 'short-lived', keyAlgorithm: 'RSA_3072' },
      },
    ]);
    expect(wanted('{ issuer: { kind: selfSigned } }', 'made')).toEqual([]);
  });
});
