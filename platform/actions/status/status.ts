import { type Finding, finding } from '../../errors.js';
import type { CertificateFact, StatusFacts } from './facts.js';

export interface Status extends Omit<StatusFacts, 'certificates'> {
  readonly certificates: readonly (CertificateFact & { readonly daysLeft: number })[];
  /** What is wrong, and what to do about it. */
  readonly findings: readonly Finding[];
  readonly healthy: boolean;
}

/** Part of a certificate's life after which it should have been renewed long ago. */
const RENEWED_BY_NOW = 5 / 6;
/** Messages that a service that runs works off soon. */
const MUCH_BACKLOG = 1_000;

/** What the facts mean. Pure. */
export function statusOf(facts: StatusFacts, now: Date): Status {
  const findings = [
    ...partFindings(facts),
    ...certificateFindings(facts, now),
    ...revocationFindings(facts),
    ...backlogFindings(facts),
    ...diskFindings(facts),
  ];
  return {
    ...facts,
    certificates: facts.certificates.map(certificate => ({
      ...certificate,
      daysLeft: Math.floor((Date.parse(certificate.notAfter) - now.getTime()) / 86_400_000),
    })),
    findings,
    healthy: !findings.some(({ severity }) => severity === 'error'),
  };
}

function partFindings({ parts, unknown }: StatusFacts): Finding[] {
  return [
    ...parts
      .filter(({ ready }) => !ready)
      .map(({ name, state, detail, log }) =>
        finding('ProcessDown', `${name} is ${state}`, {
          where: { path: name },
          saw: detail,
          ...(log !== undefined && { fix: `see its log: ${log}` }),
        }),
      ),
    ...unknown.map(({ what, reason }) =>
      finding('ProcessDown', `${what} could not be asked`, {
        saw: reason,
        // Where nothing runs nothing is well.
        severity: parts.length === 0 ? 'error' : 'warning',
      }),
    ),
  ];
}

function certificateFindings({ certificates }: StatusFacts, now: Date): Finding[] {
  return certificates.flatMap(({ workload, notBefore, notAfter }) => {
    const [begin, end] = [Date.parse(notBefore), Date.parse(notAfter)];
    const spent = (now.getTime() - begin) / (end - begin);
    if (spent < RENEWED_BY_NOW) return [];
    return [
      finding(
        'CertificateEndsSoon',
        `the certificate of ${workload} ${spent >= 1 ? 'has ended' : 'ends soon'}`,
        {
          severity: spent >= 1 ? 'error' : 'warning',
          where: { path: workload },
          saw: notAfter,
        },
      ),
    ];
  });
}

function revocationFindings({ keysBeingRevoked = [] }: StatusFacts): Finding[] {
  return keysBeingRevoked.map(id =>
    finding('RevocationUnfinished', `tokens of ${id} may still be accepted`, {
      where: { path: id },
      fix: `platform tokens revoke ${id}`,
    }),
  );
}

/** What waits, and should not. Pure. */
export function backlogFindings({
  subscriptions,
  deadLetters,
}: Pick<StatusFacts, 'subscriptions' | 'deadLetters'>): Finding[] {
  return [
    ...subscriptions
      .filter(({ backlog, consumers }) => backlog > 0 && (consumers === 0 || backlog >= MUCH_BACKLOG))
      .map(({ topic, subscription, backlog, consumers }) =>
        finding('BacklogGrows', `${backlog} messages of ${topic} wait for ${subscription}`, {
          severity: 'warning',
          where: { path: topic },
          saw: consumers === 0 ? 'nobody consumes them' : `${consumers} consumers`,
        }),
      ),
    ...deadLetters
      .filter(({ waiting }) => waiting > 0)
      .map(({ topic, waiting }) =>
        finding('DeadLettersWait', `${waiting} messages wait in ${topic}`, {
          severity: 'warning',
          where: { path: topic },
        }),
      ),
  ];
}

function diskFindings({ disk }: StatusFacts): Finding[] {
  if (disk === undefined || !disk.low) return [];
  return [finding('DiskLow', `${disk.path} has ${disk.freeMiB} MiB left`, { where: { path: disk.path } })];
}
