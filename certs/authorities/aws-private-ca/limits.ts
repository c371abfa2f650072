import { type Finding, finding } from '../../../platform/errors.js';
import type { SigningRequest } from '../../authority.js';
import { inspectRequest } from '../../inspect/index.js';
import { fixOfStatus, type PrivateCa } from './describe.js';

/** The longest life that a CA of short-lived mode signs. */
export const SHORT_LIVED_SECONDS = 7 * 86_400;
/** What AWS' own clock may be ahead of ours, and what a call may take. */
const SLACK_SECONDS = 60;

/** Template of an end-entity certificate with exactly these usages; the names come from the signing request. */
export function leafTemplate(usages: SigningRequest['usages'], partition = 'aws'): string | undefined {
  const [server, client] = [usages.includes('server auth'), usages.includes('client auth')];
  if (server && client) return template('EndEntityCertificate', partition);
  if (server) return template('EndEntityServerAuthCertificate', partition);
  return client ? template('EndEntityClientAuthCertificate', partition) : undefined;
}

export function template(name: string, partition = 'aws'): string {
  return `arn:${partition}:acm-pca:::template/${name}/V1`;
}

/** Why this authority must not be asked for this certificate; each would cost a call, or worse, be issued. Pure. */
export function problemsOf(request: SigningRequest, authority: PrivateCa, now: Date): Finding[] {
  const where = { path: authority.arn };
  const end = new Date(now.getTime() + request.durationSeconds * 1000);
  const latest = authority.notAfter && new Date(authority.notAfter.getTime() - SLACK_SECONDS * 1000);
  return [
    ...(authority.status === 'ACTIVE'
      ? []
      : [
          finding('AuthorityNotActive', 'the authority can not issue', {
            where,
            saw: authority.status,
            want: 'ACTIVE',
            fix: fixOfStatus(authority.status),
          }),
        ]),
    ...(authority.mode === 'short-lived' && request.durationSeconds > SHORT_LIVED_SECONDS
      ? [
          finding('CertTooLongForMode', 'a short-lived authority does not issue for so long', {
            where,
            saw: `${request.durationSeconds} s`,
            want: `<= ${SHORT_LIVED_SECONDS} s`,
          }),
        ]
      : []),
    ...(latest && end > latest
      ? [
          finding('CertOutlivesIssuer', 'the certificate would outlive its authority', {
            where,
            saw: end.toISOString(),
            want: `<= ${latest.toISOString()}`,
            fix: 'renew the authority first, or ask for a shorter life',
          }),
        ]
      : []),
    ...(leafTemplate(request.usages) === undefined
      ? [
          finding('CertWrongUsage', 'no template of AWS Private CA fits these usages', {
            where,
            saw: request.usages.join(', '),
            want: 'server auth, client auth or both',
          }),
        ]
      : []),
    ...inspectRequest(request.csr, {
      at: now,
      names: request.dnsNames,
      source: request.commonName,
    }).filter(({ severity }) => severity === 'error'),
  ];
}
