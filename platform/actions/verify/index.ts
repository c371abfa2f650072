import pMap from 'p-map';
import { localAuthority, newLocalAuthority, requestCertificate, untilShown } from '../../../certs/index.js';
import { type Finding, finding } from '../../errors.js';
import type { Endpoint } from '../../plan/index.js';
import type { Report } from '../../report.js';
import { type Check, verifyMatrix } from './matrix.js';
import {
  dialling,
  type Foreign,
  type Outcome,
  TIMEOUT_MS,
  tryDial,
  tryNegative,
  tryToken,
  tryWish,
} from './probes.js';
import { makePlayground, type Playground, tryRoundTrip } from './round-trip.js';
import { trySpoken } from './spoken.js';
import type { Subject } from './subject.js';

export type { Check } from './matrix.js';
export type { Subject } from './subject.js';

/** A row of the matrix with what came of it. */
export interface VerifiedCheck extends Omit<Check, 'probe'> {
  /** `skipped`: what is dialled is not part of this target; the reason is what was seen. */
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly saw: string;
  readonly ms: number;
}

export interface Verification {
  readonly checks: readonly VerifiedCheck[];
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly seconds: number;
  readonly findings: readonly Finding[];
}

export interface VerifyOptions {
  readonly report: Report;
  readonly signal: AbortSignal;
  /** Groups that are tried. @default - all */
  readonly only?: readonly Check['group'][];
  /** What the target has tried by itself before. @default - nothing */
  readonly before?: readonly VerifiedCheck[];
}

/** Handshakes at a time: many enough to be quick, few enough that none waits for its answer. */
const CONCURRENCY = 6;

/** Tries every row of the verify matrix of a plan on what runs. */
export async function verify(
  subject: Subject,
  { report, signal, only, before = [] }: VerifyOptions,
): Promise<Verification> {
  const began = performance.now();
  const matrix = verifyMatrix(subject.plan).filter(({ group }) => only?.includes(group) ?? true);
  const endpoints = new Map(subject.plan.endpoints.map(endpoint => [endpoint.id, endpoint]));
  const foreign = await newForeign();
  const trips = matrix.filter(({ probe, endpoint }) => {
    const door = endpoints.get(endpoint);
    return probe.kind === 'roundTrip' && door !== undefined && subject.untried(door, probe) === undefined;
  });
  const { admin } = subject;
  const playground =
    admin !== undefined && trips.length > 0 ? await makePlayground(subject, admin, trips) : undefined;
  report.action('verify', `${matrix.length} checks from ${subject.plan.dials.length} dials`);
  let done = 0;
  try {
    const checks = await pMap(
      matrix,
      async check => {
        const verified = await tryCheck(check, endpoints.get(check.endpoint), {
          subject,
          foreign,
          playground,
        });
        done += 1;
        report.progress('verify', `${done} of ${matrix.length}`);
        return verified;
      },
      { concurrency: CONCURRENCY, signal },
    );
    return summary([...before, ...checks], (performance.now() - began) / 1000);
  } finally {
    // What was found is worth more than that nothing stays.
    await playground?.remove().catch((error: Error) => {
      report.warning('verify', `namespace ${playground.namespace} is left behind: ${error.message}`);
    });
  }
}

interface Tools {
  readonly subject: Subject;
  readonly foreign: Foreign;
  readonly playground: Playground | undefined;
}

async function tryCheck(
  { probe, ...check }: Check,
  endpoint: Endpoint | undefined,
  tools: Tools,
): Promise<VerifiedCheck> {
  const absent = endpoint === undefined ? 'not in the plan' : tools.subject.untried(endpoint, probe);
  if (endpoint === undefined || absent !== undefined)
    return { ...check, result: 'skipped', saw: absent ?? '', ms: 0 };
  const began = performance.now();
  const tried = () =>
    run({ probe, ...check }, endpoint, tools).catch(
      (error: Error): Outcome => ({ outcome: 'undecided', saw: error.message }),
    );
  // What has sent something is not sent again: the first may have arrived.
  const sends = ['roundTrip', 'spoken'].includes(probe.kind);
  const { outcome, saw } = sends
    ? await tried()
    : await untilShown(tried, ({ outcome: came }) => came !== 'undecided', { timeoutMs: TIMEOUT_MS });
  const ms = Math.round(performance.now() - began);
  return { ...check, result: outcome === check.expects ? 'passed' : 'failed', saw, ms };
}

async function run(
  { probe, from }: Check,
  endpoint: Endpoint,
  { subject, foreign, playground }: Tools,
): Promise<Outcome> {
  switch (probe.kind) {
    case 'dial':
      return dialAs(from, endpoint, subject);
    case 'negative':
      return tryNegative(probe.name, from, endpoint, subject, foreign);
    case 'token':
      return tryToken(roleOf(subject, from, endpoint.id), probe.token, from, endpoint, subject);
    case 'produce':
    case 'read':
    case 'subscribe':
      return tryWish(probe, from, endpoint, subject);
    case 'roundTrip':
      return tryRoundTrip(from, endpoint, playground?.topic(from, endpoint.id) ?? '', subject);
    case 'spoken':
      return trySpoken(from, endpoint, subject);
  }
}

async function dialAs(from: string, endpoint: Endpoint, subject: Subject): Promise<Outcome> {
  const identity = await subject.identity(from, endpoint);
  return dialling(subject, endpoint, target => tryDial(target, identity));
}

function roleOf({ plan }: Subject, from: string, endpoint: string): string {
  return plan.dials.find(dial => dial.from === from && dial.to === endpoint)?.as ?? from;
}

/** What came of all of them. Pure. */
export function summary(checks: readonly VerifiedCheck[], seconds: number): Verification {
  const count = (result: VerifiedCheck['result']) => checks.filter(check => check.result === result).length;
  const failed = checks.filter(({ result }) => result === 'failed');
  return {
    checks,
    passed: count('passed'),
    failed: failed.length,
    skipped: count('skipped'),
    seconds: Math.round(seconds * 10) / 10,
    findings: failed.map(({ group, from, endpoint, what, expects, saw }) =>
      group === 'speech'
        ? finding('SpokenMessageLost', 'a spoken message did not become its transcript', { saw })
        : finding('VerifyFailed', `${from}: ${what}`, {
            where: { path: endpoint },
            saw,
            want: expects,
          }),
    ),
  };
}

async function newForeign(): Promise<Foreign> {
  const material = await newLocalAuthority({ commonName: 'foreign', algorithm: 'ecdsa-p256', days: 1 });
  const issued = await requestCertificate(await localAuthority(material), {
    workload: 'foreigner',
    commonName: 'operator',
    dnsNames: [],
    usages: ['client auth'],
    algorithm: 'ecdsa-p256',
    durationSeconds: 3600,
  });
  return { trust: material.root, ...issued };
}
