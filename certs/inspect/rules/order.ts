import type { Finding } from '../../../platform/errors.js';
import type { Certificate } from '../certificate.js';
import { about, type InspectContext, type Placed } from '../context.js';
import { type CertificatePath, sameCertificate } from '../path.js';

/** What is wrong with the list itself: its order, what is twice, what doesn't belong (RFC 8446, 4.4.2). */
export function orderFindings(
  list: readonly Placed[],
  { certificates: path }: CertificatePath,
  context: InspectContext,
): Finding[] {
  const seen: Certificate[] = [];
  const findings: Finding[] = [];
  for (const placed of list) {
    const { certificate } = placed;
    if (seen.some(earlier => sameCertificate(earlier, certificate))) {
      findings.push(about(placed, context, 'CertDuplicate', 'is in the list twice', { severity: 'warning' }));
    } else if (!belongs(certificate, path)) {
      findings.push(
        about(placed, context, 'CertUnrelated', 'has nothing to do with the leaf', { severity: 'warning' }),
      );
    } else if (certificate.info.selfSigned && !sameCertificate(certificate, path[0] ?? certificate)) {
      findings.push(
        about(placed, context, 'CertRootInChain', 'is a root: diallers use their own copy, not this', {
          severity: 'warning',
        }),
      );
    }
    seen.push(certificate);
  }
  return [...wrongOrder(list, path, context), ...findings];
}

function wrongOrder(
  list: readonly Placed[],
  path: readonly Certificate[],
  context: InspectContext,
): Finding[] {
  const places = path
    .map(wanted => list.findIndex(({ certificate }) => sameCertificate(certificate, wanted)))
    .filter(index => index >= 0);
  const [first] = list;
  const inOrder =
    places[0] === 0 && places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
  if (inOrder || first === undefined) return [];
  return [
    about(first, context, 'CertWrongOrder', 'stands at the wrong place', {
      saw: list.map(({ certificate }) => certificate.info.subject).join(' → '),
      want: path.map(({ info }) => info.subject).join(' → '),
    }),
  ];
}

/** Whether it is on the path, or bears the name of somebody's issuer: another way up, or one that was replaced. */
function belongs(certificate: Certificate, path: readonly Certificate[]): boolean {
  return path.some(
    member => sameCertificate(member, certificate) || member.issuerKey === certificate.subjectKey,
  );
}
