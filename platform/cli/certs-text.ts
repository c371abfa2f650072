import type { InspectResult } from '../actions/certs/inspect.js';

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
