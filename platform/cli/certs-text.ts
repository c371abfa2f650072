import type { AuditRow } from '../actions/certs/audit.js';
import type { certificateBudget } from '../actions/certs/budget.js';
import type { InspectResult } from '../actions/certs/inspect.js';
import type { planLocalRotation } from '../actions/certs/rotation.js';
import { table } from './table.js';

type Certificate = InspectResult['chain'][number];

/** An inspection for people: one block for each certificate, then a line of summary. */
export function inspectionText(result: InspectResult): string {
  const { chain, request, findings } = result;
  const blocks = [
    ...chain.map((certificate, index) =>
      block(`${index}  ${certificate.subject}`, rowsOf(certificate, new Date())),
    ),
    ...(request
      ? [
          block(`signing request  ${request.subject}`, {
            names: [...request.dnsNames, ...request.ipAddresses].join(' '),
            usages: request.usages.join(', '),
            key: `${request.key}, signed with ${request.signature}`,
          }),
        ]
      : []),
  ];
  const count = (severity: string) => findings.filter(found => found.severity === severity).length;
  const summary = [
    result.target,
    ...(result.tls === undefined ? [] : [result.tls]),
    trustText(result),
    `${count('error')} errors`,
    `${count('warning')} warnings`,
  ].join(' · ');
  return [...blocks, summary].join('\n\n');
}

function trustText({ kind, trusted }: InspectResult): string {
  if (kind === 'request' || kind === 'nothing') return kind;
  return trusted === undefined ? 'trust not checked (--trust FILE)' : trusted ? 'trusted' : 'not trusted';
}

function rowsOf(certificate: Certificate, now: Date): Readonly<Record<string, string>> {
  return {
    names: [...certificate.dnsNames, ...certificate.ipAddresses, ...certificate.otherNames].join(' '),
    usages: certificate.ca ? 'authority' : [...certificate.usages, ...certificate.keyUsages].join(', '),
    valid: `${certificate.notBefore} to ${certificate.notAfter} (${timeLeft(certificate, now)})`,
    key: `${certificate.key}, signed with ${certificate.signature}`,
    issuer: certificate.selfSigned ? '(itself)' : certificate.issuer,
    serial: certificate.serial,
    sha256: certificate.fingerprint,
  };
}

function block(title: string, rows: Readonly<Record<string, string>>): string {
  const lines = Object.entries(rows).map(([name, value]) => `   ${name.padEnd(7)} ${value || '-'}`);
  return [title, ...lines].join('\n');
}

const UNITS = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
] as const;

function timeLeft({ notAfter }: Certificate, now: Date): string {
  const left = Date.parse(notAfter) - now.getTime();
  const unit = UNITS.find(({ ms }) => Math.abs(left) >= 2 * ms) ?? UNITS[2];
  const amount = `${Math.floor(Math.abs(left) / unit.ms)} ${unit.name}`;
  return left < 0 ? `ended ${amount} ago` : `${amount} left`;
}

type Budget = ReturnType<typeof certificateBudget>;

/** A budget for people: what was chosen beside what we would choose. */
export function budgetText(budget: Budget): string {
  const { recommended, quota, retriesAtHours } = budget;
  const columns = [budget, ...(recommended ? [recommended] : [])];
  const row = (name: string, of: (one: (typeof columns)[number]) => string | number) => [
    name,
    ...columns.map(of),
  ];
  const figures = table(
    ['', 'as it is', ...(recommended ? ['recommended'] : [])],
    [
      row('leaf lives', ({ leafHours }) => `${leafHours} h`),
      row('renewed before its end', ({ renewBeforeHours }) => `${renewBeforeHours} h`),
      row('certificates a month', ({ certificatesPerMonth }) => certificatesPerMonth),
      row('price of certificates', ({ price }) => `$${price.toFixed(2)}`),
      row('price of authorities', ({ authorityPrice }) => `$${authorityPrice.toFixed(2)}`),
      row('outage survived', ({ survivesOutageHours }) => `${survivesOutageHours} h`),
    ],
  );
  return [
    figures,
    `retries after a failure, in hours: ${retriesAtHours.join(', ') || 'none'}`,
    `renewing all ${quota.burst} at once takes ${quota.burstSeconds} s of AWS' quota of ${quota.callsPerSecond} a second`,
  ].join('\n\n');
}

/** An audit for people: what each endpoint serves, what each refuses, and what was not asked. */
export function auditText(rows: readonly AuditRow[]): string {
  const asked = rows.filter(row => row.notAsked === undefined);
  const inCluster = asked.some(({ pod }) => pod !== undefined);
  const head = inCluster ? ['endpoint', 'pod'] : ['endpoint'];
  const placeOf = ({ endpoint, pod = '-' }: AuditRow) => (inCluster ? [endpoint, pod] : [endpoint]);
  const served = table(
    [...head, 'serves', 'issued', 'until', 'trusted by', 'refused for'],
    asked.map(row => [
      ...placeOf(row),
      short(row.servedSerial),
      issuedText(row),
      row.notAfter?.slice(0, 16) ?? '-',
      row.trustedBy.join(' ') || '-',
      Object.keys(row.refusedFor).join(' ') || '-',
    ]),
  );
  const names = [...new Set(asked.flatMap(row => Object.keys(row.negatives)))];
  const refusals = (row: AuditRow) =>
    names.map(name => {
      const refused = Object.entries(row.negatives).find(([key]) => key === name)?.[1];
      if (refused === undefined) return '';
      if (refused === null) return 'NOT SHOWN';
      return refused ? 'refused' : 'NOT REFUSED';
    });
  const negatives = table(
    [...head, ...names.map(name => name.replace(/[A-Z]/g, ' $&'))],
    asked.map(row => [...placeOf(row), ...refusals(row)]),
  );
  const others = rows.flatMap(({ endpoint, pod, notAsked: why }) =>
    why === undefined ? [] : [`not asked: ${[endpoint, ...(pod ? [pod] : [])].join(' ')} (${why})`],
  );
  return [served, negatives, ...(others.length > 0 ? [others.join('\n')] : [])].join('\n\n');
}

function issuedText({ servedSerial, issuedSerial }: AuditRow): string {
  if (issuedSerial === null) return '-';
  return servedSerial === issuedSerial ? 'the same' : short(issuedSerial);
}

/** The end of a serial number tells two apart. */
function short(serial: string | null): string {
  return serial === null ? '-' : `…${serial.slice(-8)}`;
}

type ForecastStep = Awaited<ReturnType<typeof planLocalRotation>>[number];

const DOES: Readonly<Record<ForecastStep['step'], string>> = {
  makeAuthority: 'make the new authority, cross-signed by the old one',
  trust: 'add the new root to the bundles of',
  noteTrusted: '',
  wait: 'let everything read its changed files',
  confirm: 'confirm by handshakes that every listener accepts both',
  switchIssuer: 'issue by the new authority (from here on there is no way back)',
  reissue: 'new certificates for',
  awaitServed: 'wait until they are served by',
  noteServed: '',
  retire: 'remove the old root from the bundles of',
  distrust: 'take the new root back from the bundles of',
  discard: 'forget what is no longer needed',
  end: 'done',
};

/** The steps of a rotation for people. */
export function rotationPlanText(steps: readonly ForecastStep[]): string {
  return table(
    ['after', 'step', ''],
    steps.map(({ step, workloads, afterSeconds }) => [`${afterSeconds} s`, DOES[step], workloads.join(' ')]),
  );
}
