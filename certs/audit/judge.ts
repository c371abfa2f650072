import { type Code, type Finding, finding } from '../../platform/errors.js';
import type { Endpoint } from '../../platform/plan/index.js';
import { type Certificate, inspectMaterial, readMaterial, readServed } from '../inspect/index.js';
import type { Negative, NegativeName } from '../probe/negatives.js';
import type { Observation } from './observe.js';

/** One endpoint of the audit. */
export interface AuditRow {
  /** Id in the plan. */
  readonly endpoint: string;
  /** In a cluster: which pod of it. */
  readonly pod?: string;
  readonly protocol: string;
  /** Of the leaf, hexadecimal; null when the endpoint served none. */
  readonly servedSerial: string | null;
  /** Null when nothing was issued by us, or it isn't known. */
  readonly issuedSerial: string | null;
  /** Of what is served; ISO 8601. */
  readonly notAfter: string | null;
  /** How much older than the one issued is the one served. 0 when they are the same. */
  readonly skewSeconds: number;
  /** Diallers that were accepted, and accepted it. */
  readonly trustedBy: readonly string[];
  /** Diallers that were not, with the reason. */
  readonly refusedFor: Readonly<Record<string, string>>;
  /** Whether each was refused, as it must be; null where the probe could not be made. */
  readonly negatives: Readonly<Partial<Record<NegativeName, boolean | null>>>;
  readonly findings: readonly Finding[];
  /** Why it was not asked; nothing else is known of it then. @default - it was asked */
  readonly notAsked?: string;
}

/** An endpoint that can't be asked from here, named: what is silent would be taken for good. */
export function notAsked({ id, protocol }: Endpoint, reason: string): AuditRow {
  return {
    ...{ endpoint: id, protocol, servedSerial: null, issuedSerial: null, notAfter: null, skewSeconds: 0 },
    ...{ trustedBy: [], refusedFor: {}, negatives: {}, findings: [], notAsked: reason },
  };
}

export interface Judged {
  readonly at: Date;
  /** What was last issued for the endpoint's workload, PEM. @default - not compared */
  readonly issued?: string;
}

const ACCEPTED: Readonly<Record<NegativeName, Code>> = {
  plainText: 'PlainTextAnswered',
  tls11: 'OldTlsAccepted',
  noClientCertificate: 'ClientCertificateNotDemanded',
  foreignClientCertificate: 'ForeignClientAccepted',
  wrongName: 'WrongNameAccepted',
};

/** Compares what an endpoint serves with what was issued, what its diallers trust, and what it must refuse. Pure. */
export function judge(observation: Observation, { at, issued }: Judged): AuditRow {
  const { endpoint, pod, diallers, negatives, served = [], silence } = observation;
  const place = placeOf(observation);
  const [leaf] = readServed(served, endpoint.id).certificates;
  const [wanted] = issued === undefined ? [] : readMaterial(Buffer.from(issued), endpoint.id).certificates;
  const refused = diallers.flatMap(({ workload, outcome }) =>
    outcome.kind === 'accepted' ? [] : [[workload, outcome.reason] as const],
  );
  return {
    endpoint: endpoint.id,
    ...(pod !== undefined && { pod }),
    protocol: endpoint.protocol,
    servedSerial: leaf?.info.serial ?? null,
    issuedSerial: wanted?.info.serial ?? null,
    notAfter: leaf?.info.notAfter ?? null,
    skewSeconds: skew(leaf, wanted),
    trustedBy: diallers.filter(({ outcome }) => outcome.kind === 'accepted').map(({ workload }) => workload),
    refusedFor: Object.fromEntries(refused),
    negatives: Object.fromEntries(
      negatives.map(({ name, outcome }) => [name, outcome === 'notShown' ? null : outcome === 'refused']),
    ),
    findings:
      leaf === undefined
        ? [
            finding('EndpointUnreachable', `${place} shows no certificate`, {
              where: { path: place },
              saw: silence,
            }),
          ]
        : [
            ...servedFindings(leaf, wanted, place),
            ...chainFindings(observation, at),
            ...refused.map(([workload, saw]) =>
              finding('DialRefused', `${workload} can not dial ${place}`, {
                where: { path: place },
                saw,
              }),
            ),
            ...negatives.flatMap(negative => negativeFindings(negative, place)),
          ],
  };
}

function negativeFindings({ name, outcome, how }: Negative, place: string): Finding[] {
  const details = { where: { path: place }, saw: how };
  if (outcome === 'accepted')
    return [finding(ACCEPTED[name], `${place} does not refuse what it must`, details)];
  if (outcome === 'refused') return [];
  return [finding('RefusalNotShown', `whether ${place} refuses ${name} was not shown`, details)];
}

/** `broker/https of pulsar-broker-1` */
function placeOf({ endpoint, pod }: Pick<Observation, 'endpoint' | 'pod'>): string {
  return pod === undefined ? endpoint.id : `${endpoint.id} of ${pod}`;
}

function skew(served: Certificate | undefined, issued: Certificate | undefined): number {
  if (served === undefined || issued === undefined || served.info.fingerprint === issued.info.fingerprint)
    return 0;
  return Math.max(0, (issued.notBefore.getTime() - served.notBefore.getTime()) / 1000);
}

function servedFindings(served: Certificate, issued: Certificate | undefined, endpoint: string): Finding[] {
  if (issued === undefined || served.info.fingerprint === issued.info.fingerprint) return [];
  return [
    finding('CertServedOld', `${endpoint} does not serve the certificate that was issued last`, {
      where: { path: endpoint },
      saw: `${served.info.serial}, until ${served.info.notAfter}`,
      want: `${issued.info.serial}, until ${issued.info.notAfter}`,
    }),
  ];
}

/** The chain as each dialler sees it: its names, and the roots of that dialler. The same finding is said once. */
function chainFindings(observation: Observation, at: Date): Finding[] {
  const { endpoint, diallers, served = [] } = observation;
  const material = readServed(served, endpoint.id);
  const trusts = new Set(diallers.flatMap(({ trust }) => trust ?? []));
  const found = [...trusts].flatMap(trust => {
    const roots = readMaterial(Buffer.from(trust), 'trust').certificates;
    const { findings } = inspectMaterial(material, {
      at,
      source: placeOf(observation),
      roots,
      names: endpoint.hostnames.filter(isExact),
    });
    return findings;
  });
  return [...new Map(found.map(one => [JSON.stringify(one), one])).values()];
}

/** A wildcard stands for names that are dialled, it isn't dialled itself. */
function isExact(hostname: string): boolean {
  return !hostname.startsWith('*.');
}
