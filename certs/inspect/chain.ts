import type { Finding } from '../../platform/errors.js';
import type { Certificate, CertificateInfo } from './certificate.js';
import { about, type InspectContext, type Placed } from './context.js';
import { type CertificatePath, findPath, sameCertificate } from './path.js';
import { certificateFindings } from './rules/each.js';
import { leafFindings, usagesOf } from './rules/leaf.js';
import { orderFindings } from './rules/order.js';
import { pathFindings } from './rules/path.js';

export interface ChainInspection {
  /**
   * - `chain`: a leaf with what leads from it to its root
   * - `authorities`: no leaf, such as a trust bundle or the chain of an authority
   */
  readonly kind: 'chain' | 'authorities';
  /** In the order in which they were found. */
  readonly chain: readonly CertificateInfo[];
  /** Whether it leads to one of the roots; absent when there were none to judge by. */
  readonly trusted?: boolean;
  /** What is wrong; errors first. */
  readonly findings: readonly Finding[];
}

/** What is wrong with a list of certificates in the order in which a server sends them. Pure. */
export function inspectChain(certificates: readonly Certificate[], context: InspectContext): ChainInspection {
  const list = certificates.map((certificate, index): Placed => ({ certificate, place: `chain[${index}]` }));
  const leaf = leafOf(list, context);
  const { findings, trusted } = leaf ? leafChain(leaf, list, context) : authorities(list, context);
  return {
    kind: leaf ? 'chain' : 'authorities',
    chain: certificates.map(({ info }) => info),
    ...(context.roots && { trusted }),
    findings: [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)),
  };
}

const SEVERITIES: readonly Finding['severity'][] = ['error', 'warning', 'info'];

interface Judgement {
  readonly findings: readonly Finding[];
  readonly trusted: boolean;
}

/** The first that is no authority. A list of authorities has none, unless somebody dials it by name. */
function leafOf(list: readonly Placed[], context: InspectContext): Placed | undefined {
  const first = list.find(({ certificate }) => !certificate.info.ca);
  const mustBeLeaf = Boolean(context.names?.length || context.usages?.length || context.key);
  return first ?? (mustBeLeaf ? list[0] : undefined);
}

function leafChain(leaf: Placed, list: readonly Placed[], context: InspectContext): Judgement {
  const path = pathOf(leaf, list, context);
  const [, ...issuers] = path.certificates.map(certificate => place(certificate, list));
  return {
    trusted: path.end.kind === 'trusted',
    findings: [
      ...leafFindings(leaf, context),
      ...[leaf, ...issuers].flatMap(placed => certificateFindings(placed, context)),
      ...pathFindings({ leaf, issuers, end: path.end }, usagesOf(leaf, context), context),
      ...orderFindings(list, path, context),
    ],
  };
}

function authorities(list: readonly Placed[], context: InspectContext): Judgement {
  const paths = list.map(placed => pathOf(placed, list, context));
  const ofPaths = paths.flatMap(({ certificates, end }) => {
    const [authority, ...issuers] = certificates.map(certificate => place(certificate, list));
    // A root vouches for itself, and without roots an intermediate may well stand alone.
    const needsNobody = end.kind === 'self-signed' || (end.kind === 'open' && !context.roots);
    if (authority === undefined || (issuers.length === 0 && needsNobody)) return [];
    return pathFindings({ leaf: authority, issuers, end }, [], context);
  });
  const twice = list.filter(({ certificate }, index) =>
    list.slice(0, index).some(earlier => sameCertificate(earlier.certificate, certificate)),
  );
  return {
    trusted: paths.every(({ end }) => end.kind === 'trusted'),
    findings: [
      ...list
        .flatMap(placed => certificateFindings(placed, context))
        .map(
          (found): Finding =>
            // One old root among several harms nobody.
            found.code === 'CertExpired' && list.length > 1 ? { ...found, severity: 'warning' } : found,
        ),
      ...twice.map(placed =>
        about(placed, context, 'CertDuplicate', 'is in the list twice', { severity: 'warning' }),
      ),
      // The paths of a list overlap: what is wrong with one issuer is said once.
      ...new Map(ofPaths.map(found => [JSON.stringify(found), found])).values(),
    ],
  };
}

function pathOf({ certificate }: Placed, list: readonly Placed[], context: InspectContext): CertificatePath {
  const others = list.map(placed => placed.certificate).filter(other => !sameCertificate(other, certificate));
  return findPath(certificate, others, context.roots ?? [], context.at);
}

function place(certificate: Certificate, list: readonly Placed[]): Placed {
  return (
    list.find(placed => sameCertificate(placed.certificate, certificate)) ?? { certificate, place: 'trust' }
  );
}
