import { describe, expect, it } from 'vitest';
import { type CaNeeds, type PrivateCa, unfitFor } from './index.js';

const DAY = 86_400;

describe('a private CA that somebody else has made', () => {
  const now = new Date('2027-01-01T00:00:00Z');
  const ca: PrivateCa = {
    arn: 'arn:aws:acm-pca:eu-central-1:111122223333:certificate-authority/a',
    type: 'subordinate',
    mode: 'general',
    status: 'ACTIVE',
    commonName: 'company issuing',
    notAfter: new Date('2030-01-01T00:00:00Z'),
    keyAlgorithm: 'RSA_4096',
    signingAlgorithm: 'SHA256WITHRSA',
  };
  const needs: CaNeeds = { signs: 'leaves', seconds: 7 * DAY, mode: 'general' };

  it.each(['RSA_2048', 'EC_prime256v1', 'EC_secp384r1', 'EC_secp521r1'])('with %s will do', keyAlgorithm => {
    expect(unfitFor(needs, { ...ca, keyAlgorithm }, now)).toEqual([]);
  });

  it.each([
    [
      'an algorithm that no client takes',
      {},
      { keyAlgorithm: 'ML_DSA_65' },
      'AuthorityAlgorithmUnfit',
      'error',
    ],
    ['the algorithm of another country', {}, { keyAlgorithm: 'SM2' }, 'AuthorityAlgorithmUnfit', 'error'],
    ['a state in which it issues nothing', {}, { status: 'DISABLED' }, 'AuthorityNotActive', 'error'],
    [
      'leaves only, for an intermediate',
      { signs: 'intermediate' },
      { mode: 'short-lived' },
      'AuthorityModeUnfit',
      'error',
    ],
    [
      '7 days, for leaves of 30',
      { seconds: 30 * DAY },
      { mode: 'short-lived' },
      'CertTooLongForMode',
      'error',
    ],
    ['another price than the config says', {}, { mode: 'short-lived' }, 'AuthorityModeOther', 'warning'],
    [
      'another key than the kit would make',
      { keyAlgorithm: 'EC_prime256v1' },
      { keyAlgorithm: 'RSA_2048' },
      'AuthorityAlgorithmOther',
      'warning',
    ],
    [
      'an end before that of its leaves',
      {},
      { notAfter: new Date('2027-01-05T00:00:00Z') },
      'CertOutlivesIssuer',
      'error',
    ],
  ] as const)('with %s is named', (_, wanted, is, code, severity) => {
    expect(unfitFor({ ...needs, ...wanted }, { ...ca, ...is }, now)).toMatchObject([{ code, severity }]);
  });
});
