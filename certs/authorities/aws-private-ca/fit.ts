import { type Finding, finding } from '../../../platform/errors.js';
import { fixOfStatus, type PrivateCa } from './describe.js';
import { SHORT_LIVED_SECONDS } from './limits.js';

/** What a platform wants of a private CA. */
export interface CaNeeds {
  /** Leaves, or an intermediate that signs them. */
  readonly signs: 'leaves' | 'intermediate';
  /** How long what it signs is to live. */
  readonly seconds: number;
  /** As the config has it, by which the life of leaves is checked, and the bill counted. */
  readonly mode: PrivateCa['mode'];
  /** Key of the one that the kit has made, as AWS calls it. @default - one that every client verifies */
  readonly keyAlgorithm?: string;
}

/** Keys that every TLS client of the platform verifies. AWS has others: SM2 in China, ML-DSA, which no handshake takes yet. */
const VERIFIED = ['RSA_2048', 'RSA_3072', 'RSA_4096', 'EC_prime256v1', 'EC_secp384r1', 'EC_secp521r1'];

/** What is judged of a private CA, whoever has asked AWS for it. */
export type CaFacts = Pick<PrivateCa, 'arn' | 'status' | 'mode' | 'keyAlgorithm' | 'notAfter'>;

/** Why a private CA will not do for a platform, before that is told by a failed request hours later. Pure. */
export function unfitFor(needs: CaNeeds, authority: CaFacts, now: Date): Finding[] {
  const { arn, status, mode, keyAlgorithm, notAfter } = authority;
  const where = { path: arn };
  const findings: Finding[] = [];
  if (status !== 'ACTIVE') {
    findings.push(
      finding('AuthorityNotActive', 'the private CA can not issue', {
        ...{ where, saw: status, want: 'ACTIVE', fix: fixOfStatus(status) },
      }),
    );
  }
  if (!VERIFIED.includes(keyAlgorithm)) {
    findings.push(
      finding(
        'AuthorityAlgorithmUnfit',
        'not every client of the platform verifies what this private CA signs',
        {
          ...{ where, saw: keyAlgorithm, want: VERIFIED.join(', ') },
        },
      ),
    );
  } else if (needs.keyAlgorithm !== undefined && keyAlgorithm !== needs.keyAlgorithm) {
    findings.push(
      finding('AuthorityAlgorithmOther', 'it has a key of another algorithm than the config says', {
        ...{ where, severity: 'warning', saw: keyAlgorithm, want: needs.keyAlgorithm },
      }),
    );
  }
  if (mode === 'short-lived' && needs.signs === 'intermediate') {
    findings.push(
      finding('AuthorityModeUnfit', 'it is to sign an intermediate, and signs leaves only', {
        ...{ where, saw: mode, want: 'general' },
      }),
    );
  } else if (mode === 'short-lived' && needs.seconds > SHORT_LIVED_SECONDS) {
    findings.push(
      finding('CertTooLongForMode', 'it signs for at most 7 days', {
        ...{ where, saw: `tls.leafDuration of ${needs.seconds / 86_400} days`, want: '<= 7d' },
        fix: 'set tls.issuer.usageMode: short-lived and tls.leafDuration: 7d, or name a general-purpose CA',
      }),
    );
  } else if (mode !== needs.mode) {
    findings.push(
      finding('AuthorityModeOther', 'it is of another mode than the config says: its bill is another one', {
        ...{ where, severity: 'warning', saw: mode, want: needs.mode },
      }),
    );
  }
  const end = new Date(now.getTime() + needs.seconds * 1000);
  if (notAfter !== undefined && end > notAfter) {
    findings.push(
      finding('CertOutlivesIssuer', `the ${needs.signs} would outlive the private CA`, {
        ...{ where, saw: `it ends ${notAfter.toISOString()}`, want: `>= ${end.toISOString()}` },
        fix: 'renew the certificate of the CA, or name another one; platform certs rotate-ca moves to it',
      }),
    );
  }
  return findings;
}
