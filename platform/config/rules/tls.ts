import type { Config } from '../complete.js';
import {
  AUTHORITY_LIVES,
  INTERMEDIATE_LIFE,
  LONGEST_LEAF_OF_INTERMEDIATE_HOURS,
} from '../facts/authorities.js';
import { toSeconds } from '../units.js';
import type { Problem, Rule } from './rule.js';

const WEEK_SECONDS = 7 * 86_400;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** What signs a leaf, and how long that may live at most, where it is an authority that the kit makes. */
function longestLeaf({ issuer }: Config['tls']): { readonly seconds: number; readonly why: string } {
  const mode = issuer.kind === 'awsPrivateCa' ? issuer.mode : undefined;
  const { renewBeforeHours } = INTERMEDIATE_LIFE;
  if (mode === 'subordinate') {
    return {
      seconds: LONGEST_LEAF_OF_INTERMEDIATE_HOURS * HOUR_SECONDS,
      why: `the intermediate that signs it is renewed ${Math.floor(renewBeforeHours / 24)} days before its end, and has a month to be`,
    };
  }
  const [hours, years] =
    mode === 'general' ? [AUTHORITY_LIVES.subordinateHours, 5] : [AUTHORITY_LIVES.rootHours, 10];
  return { seconds: hours * HOUR_SECONDS, why: `its authority lives for ${years} years` };
}

export const leafFitsItsAuthority: Rule = ({ tls }) => {
  const seconds = toSeconds(tls.leafDuration);
  const path = ['tls', 'leafDuration'];
  if (seconds < HOUR_SECONDS) {
    return [
      {
        code: 'LeafTooShort',
        path,
        message: 'cert-manager refuses certificates of less than an hour',
        saw: tls.leafDuration,
        want: '>= 1h',
      },
    ];
  }
  const { issuer } = tls;
  const longest = longestLeaf(tls);
  if (seconds > longest.seconds) {
    return [
      {
        code: 'LeafTooLongForCa',
        path,
        message: `a certificate must not outlive what signs it: ${longest.why}`,
        saw: tls.leafDuration,
        want: `<= ${longest.seconds / DAY_SECONDS}d`,
      },
    ];
  }
  if (issuer.kind !== 'awsPrivateCa') return [];
  const shortLived =
    issuer.mode === 'short-lived' || (issuer.mode === 'existing' && issuer.usageMode === 'short-lived');
  if (!shortLived || seconds <= WEEK_SECONDS) return [];
  return [
    {
      code: 'LeafTooLongForCa',
      path,
      message: 'a short-lived CA signs certificates of at most 7 days',
      saw: tls.leafDuration,
      want: '<= 7d, or tls.issuer.mode: general',
      source: 'https://docs.aws.amazon.com/privateca/latest/userguide/short-lived-certificates.html',
    },
  ];
};

export const renewalFitsTheLeaf: Rule = ({ tls }) => {
  const renew = toSeconds(tls.renewBefore);
  const leaf = toSeconds(tls.leafDuration);
  if (renew < leaf && renew >= 300) return [];
  return [
    {
      code: 'RenewBeforeUnfit',
      path: ['tls', 'renewBefore'],
      message:
        'a certificate must be renewed at least 5 minutes before its end, and not before its beginning',
      saw: tls.renewBefore,
      want: `>= 5m and < ${tls.leafDuration}`,
    },
  ];
};

export const issuerHasItsAuthority: Rule = ({ tls: { issuer }, region }) => {
  if (issuer.kind !== 'awsPrivateCa') return [];
  const path = ['tls', 'issuer', 'arn'];
  const problems: Problem[] = [];
  if (issuer.mode === 'subordinate' && issuer.usageMode === 'short-lived') {
    problems.push({
      code: 'CaCannotSignAuthorities',
      path: ['tls', 'issuer', 'usageMode'],
      message: 'a short-lived CA cannot sign an intermediate: it must be the last one of its chain',
      saw: issuer.usageMode,
      want: 'general',
    });
  }
  if (issuer.arn === undefined) {
    if (issuer.mode !== 'existing') return problems;
    return [
      { code: 'IssuerArnMissing', path, message: 'mode existing needs the ARN of the CA', want: 'an ARN' },
    ];
  }
  if (issuer.mode === 'short-lived' || issuer.mode === 'general') {
    problems.push({
      code: 'IssuerArnUnused',
      path,
      message: `mode ${issuer.mode} makes a CA of its own, so that this ARN would do nothing`,
      saw: issuer.arn,
      want: 'no arn, or mode: existing or subordinate',
    });
  }
  const arnRegion = issuer.arn.split(':')[3];
  if (arnRegion !== region) {
    problems.push({
      code: 'IssuerElsewhere',
      path,
      message: `the CA is in ${arnRegion}, the platform in ${region}`,
      saw: issuer.arn,
      want: `a CA in ${region}`,
    });
  }
  return problems;
};

/**
 * HTTP-01 is answered on port 80 of the name itself. The names of the load balancer have certificates of ACM, and its port 80
 * only redirects; those that the cluster serves itself are behind the NLB, which has no port 80 at all.
 */
export const letsEncryptIsAnswered: Rule = ({ tls: { issuer }, entrances: { http } }) =>
  issuer.kind === 'letsEncrypt' && issuer.solver === 'http01'
    ? [
        {
          code: 'Http01Unanswered',
          path: ['tls', 'issuer', 'solver'],
          message:
            http.scheme === 'internal'
              ? 'the load balancer is internal: nobody outside can ask it for a proof'
              : 'names of the load balancer have their certificates from ACM, and no other name answers on port 80',
          saw: issuer.solver,
          want: 'dns01',
        },
      ]
    : [];

export const letsEncryptCanProve: Rule = ({ tls: { issuer }, dns }) =>
  issuer.kind === 'letsEncrypt' && dns.kind === 'external'
    ? [
        {
          code: 'LetsEncryptNeedsRoute53',
          path: ['tls', 'issuer', 'kind'],
          message: "Let's Encrypt is asked by DNS-01, for which cert-manager must write to Route 53",
          saw: 'dns.kind: external',
          want: 'dns.kind: newZone or existingZone, or another issuer',
        },
      ]
    : [];
