import type { Finding } from '../../../platform/errors.js';
import { forbiddenName } from '../constraints.js';
import { about, type InspectContext, type Placed, type Usage } from '../context.js';
import type { PathEnd } from '../path.js';

/** A path whose certificates know their places; leaf first. */
export interface PlacedPath {
  readonly leaf: Placed;
  /** From the leaf's issuer upwards. */
  readonly issuers: readonly Placed[];
  readonly end: PathEnd;
}

/** What is wrong with how the certificates of a path follow each other. */
export function pathFindings(path: PlacedPath, usages: readonly Usage[], context: InspectContext): Finding[] {
  return [
    ...endFindings(path, context),
    ...path.issuers.flatMap((issuer, index) => {
      const below = [path.leaf, ...path.issuers.slice(0, index)];
      return [
        ...mayIssue(issuer, context),
        ...mayIssueFor(issuer, usages, path.leaf, context),
        ...pathLength(issuer, below, context),
        ...follows(below.at(-1) ?? path.leaf, issuer, context),
      ];
    }),
  ];
}

function endFindings({ leaf, issuers, end }: PlacedPath, context: InspectContext): Finding[] {
  const last = issuers.at(-1) ?? leaf;
  const { info } = last.certificate;
  const alone = issuers.length === 0;
  const severity = context.roots ? 'error' : 'warning';
  switch (end.kind) {
    case 'trusted':
      return [];
    case 'self-signed':
      if (alone) return [about(leaf, context, 'CertSelfSigned', 'is signed by itself alone', { severity })];
      return context.roots ? [about(last, context, 'CertUntrusted', 'is a root that is not trusted')] : [];
    case 'broken':
      return [brokenFinding(last, end.claimed, context)];
    case 'open': {
      if (!context.roots && !alone) return []; // its root is wherever it is trusted
      // Whether a root or an intermediate is missing can't be known, only guessed from its name.
      const looksLikeRoot = /\broot\b/i.test(info.issuer);
      const looksIntermediate = alone || /intermediate|issuing|subordinate/i.test(info.issuer);
      if (looksLikeRoot && !context.roots) return [];
      const code = looksIntermediate && !looksLikeRoot ? 'CertMissingIntermediate' : 'CertUntrusted';
      return [
        about(
          last,
          context,
          code,
          `is signed by "${info.issuer}", which is neither in the chain nor trusted`,
          {
            severity,
          },
        ),
      ];
    }
  }
}

/** The issuer's name is there, its key isn't: it was replaced, or somebody changed the certificate. */
function brokenFinding(last: Placed, claimed: Placed['certificate'], context: InspectContext): Finding {
  const { authorityKeyId } = last.certificate;
  const name = claimed.info.subject;
  const isRoot = context.roots?.includes(claimed) ?? false;
  const sameKeyId = authorityKeyId !== undefined && authorityKeyId === claimed.keyId;
  const otherKeyId = authorityKeyId !== undefined && claimed.keyId !== undefined && !sameKeyId;
  if (sameKeyId || (!isRoot && !otherKeyId)) {
    return about(last, context, 'CertBadSignature', `carries a signature that "${name}" did not make`);
  }
  return about(
    last,
    context,
    isRoot ? 'CertUntrusted' : 'CertMissingIntermediate',
    `is signed by another key than that of the "${name}" ${isRoot ? 'that is trusted' : 'in the chain'}`,
    { saw: authorityKeyId, ...(claimed.keyId && { want: claimed.keyId }) },
  );
}

function mayIssue(issuer: Placed, context: InspectContext): Finding[] {
  const { info } = issuer.certificate;
  const reason = !info.ca
    ? 'signs others but is no authority'
    : info.keyUsages.length > 0 && !info.keyUsages.includes('keyCertSign')
      ? 'signs others but may not sign certificates'
      : undefined;
  return reason === undefined
    ? []
    : [about(issuer, context, 'CertIssuerNotCa', reason, { want: 'CA:TRUE and keyCertSign' })];
}

function mayIssueFor(
  issuer: Placed,
  usages: readonly Usage[],
  leaf: Placed,
  context: InspectContext,
): Finding[] {
  const { info, nameConstraints } = issuer.certificate;
  const lacking = usages.filter(usage => info.usages.length > 0 && !info.usages.includes(usage));
  const forbidden = nameConstraints && forbiddenName(leaf.certificate, nameConstraints);
  return [
    ...lacking.map(want =>
      about(issuer, context, 'CertWrongUsage', `may not issue for ${want}`, {
        saw: info.usages.join(', '),
        want,
      }),
    ),
    ...(forbidden === undefined
      ? []
      : [about(issuer, context, 'CertNameConstraint', 'may not sign for this name', { saw: forbidden })]),
  ];
}

function pathLength(issuer: Placed, below: readonly Placed[], context: InspectContext): Finding[] {
  const limit = issuer.certificate.basicConstraints?.pathLength;
  const authorities = below
    .slice(1)
    .filter(
      ({ certificate }) => certificate.info.ca && certificate.subjectKey !== certificate.issuerKey,
    ).length;
  return limit !== undefined && authorities > limit
    ? [
        about(issuer, context, 'CertPathTooLong', 'may not have so many authorities below it', {
          saw: authorities,
          want: `<= ${limit}`,
        }),
      ]
    : [];
}

function follows(signed: Placed, issuer: Placed, context: InspectContext): Finding[] {
  const { authorityKeyId, notAfter, info } = signed.certificate;
  const { keyId } = issuer.certificate;
  return [
    ...(authorityKeyId !== undefined && keyId !== undefined && authorityKeyId !== keyId
      ? [
          about(signed, context, 'CertKeyIdMismatch', 'names another key identifier than its issuer has', {
            saw: authorityKeyId,
            want: keyId,
          }),
        ]
      : []),
    ...(notAfter > issuer.certificate.notAfter
      ? [
          about(signed, context, 'CertOutlivesIssuer', 'outlives its issuer and is worthless after that', {
            severity: 'warning',
            saw: info.notAfter,
            want: `<= ${issuer.certificate.info.notAfter}`,
          }),
        ]
      : []),
  ];
}
