import { setTimeout as sleep } from 'node:timers/promises';
import pMap from 'p-map';
import type { Kubernetes, Manifest, ObjectRef } from '../../../edges/kubernetes.js';
import { PlatformError } from '../../../errors.js';
import { progressOf } from './objects.js';

/** Requests under way at once: far below what an issuer takes, private CAs included. */
const AT_ONCE = 4;
const POLL_MS = 500;

export interface IssueOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Has cert-manager issue certificates again, with new keys, as `cmctl renew` does: by the condition `Issuing` of their
 * status. Returns when each has a new one. One that is being issued already is only waited for: no request is paid twice.
 */
export async function issueAgain(
  cluster: Kubernetes,
  refs: readonly ObjectRef[],
  options: IssueOptions,
): Promise<void> {
  await pMap(refs, ref => again(cluster, ref, options), { concurrency: AT_ONCE, signal: options.signal });
}

async function again(cluster: Kubernetes, ref: ObjectRef, options: IssueOptions): Promise<void> {
  const found = await cluster.read(ref);
  if (found === undefined) throw notIssued(ref, 'it is not there');
  const before = progressOf(found);
  if (!before.issuing) await cluster.apply(withIssuing(ref, found), { force: true, subresource: 'status' });
  await untilIssued(cluster, ref, { ...options, after: before.revision });
}

function withIssuing(ref: ObjectRef, { metadata }: Manifest): Manifest {
  const condition = {
    type: 'Issuing',
    status: 'True',
    reason: 'ManuallyTriggered',
    message: 'asked for by platform certs rotate',
    lastTransitionTime: new Date().toISOString().replace(/\.\d+/, ''),
    observedGeneration: metadata?.generation ?? 1,
  };
  return { ...ref, status: { conditions: [condition] } };
}

/**
 * @param after revision that must be behind
 * @throws CertificateNotIssued with what cert-manager says of it
 */
export async function untilIssued(
  cluster: Kubernetes,
  ref: ObjectRef,
  { timeoutMs, signal, after = 0 }: IssueOptions & { readonly after?: number },
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await cluster.read(ref);
    const { ready, issuing, revision, failure } = progressOf(found ?? {});
    if (ready && !issuing && revision > after) return;
    if (!issuing && failure !== undefined) throw notIssued(ref, failure);
    if (Date.now() > deadline)
      throw notIssued(ref, issuing ? 'it is still being issued' : 'nothing has happened', true);
    await sleep(POLL_MS, undefined, { signal });
  }
}

function notIssued({ metadata }: ObjectRef, saw: string, timedOut = false): PlatformError {
  return new PlatformError('CertificateNotIssued', 'a certificate was not issued', {
    where: `${metadata.namespace}/${metadata.name}`,
    saw,
    timedOut,
  });
}
