import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspectMaterial, readMaterial } from '../../../certs/index.js';
import type { Kubernetes, Manifest } from '../../edges/kubernetes.js';
import { PlatformError } from '../../errors.js';
import type { Report } from '../../report.js';
import { unhealthy } from '../cluster/health.js';

export interface ProbeCertificateProps {
  readonly kubernetes: Kubernetes;
  readonly namespace: string;
  readonly issuer: { readonly group: string; readonly kind: string; readonly name: string };
  /** Hours that it is asked to be valid. @default 24: what every issuer of the kit gives */
  readonly hours?: number;
  readonly timeoutMs: number;
  readonly report: Report;
  readonly signal: AbortSignal;
}

export interface ProbeCertificate {
  readonly issuer: string;
  readonly notAfter: string;
  readonly seconds: number;
}

const POLL_MS = 500;
const GROUP = 'cert-manager.io/v1';

/**
 * Asks the issuer of a cluster for a certificate, verifies what it gives, and removes it. An issuer's own word that it
 * is ready proves nothing: with a wrong ARN it says so too, and the failure shows on the request alone.
 *
 * @throws PlatformError ProbeCertificateFailed, Timeout
 */
export async function probeCertificate(props: ProbeCertificateProps): Promise<ProbeCertificate> {
  const { kubernetes, namespace, report } = props;
  const began = performance.now();
  const name = `platform-probe-${randomBytes(4).toString('hex')}`;
  const dnsName = `${name}.${namespace}.svc`;
  const certificate = { apiVersion: GROUP, kind: 'Certificate', metadata: { name, namespace } };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } };
  report.waiting('certificate', `for ${props.issuer.kind} ${props.issuer.name} to issue a probe`);
  try {
    await kubernetes.apply({
      ...certificate,
      spec: {
        secretName: name,
        duration: `${props.hours ?? 24}h`,
        dnsNames: [dnsName],
        usages: ['server auth', 'client auth'],
        privateKey: { algorithm: 'ECDSA', size: 256 },
        issuerRef: props.issuer,
      },
    });
    await untilIssued(certificate, props);
    const leaf = verified(await kubernetes.read(secret), dnsName, `${namespace}/${name}`);
    return { ...leaf, seconds: Math.round((performance.now() - began) / 100) / 10 };
  } finally {
    await kubernetes.remove(certificate);
    await kubernetes.remove(secret);
  }
}

type Ref = Parameters<Kubernetes['read']>[0];

async function untilIssued(certificate: Ref, props: ProbeCertificateProps): Promise<void> {
  const { kubernetes, timeoutMs, signal } = props;
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await kubernetes.read(certificate);
    const reason = found === undefined ? 'it is not there' : unhealthy(found);
    if (reason === undefined) return;
    const refusal = await refusalOf(certificate, props);
    if (refusal !== undefined) throw failed(certificate, refusal);
    if (Date.now() > deadline) {
      throw failed(certificate, `${reason}; nothing happened in ${timeoutMs / 1000} s`);
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** What its request says when it is refused: the certificate itself only waits for the next try. */
async function refusalOf(
  { metadata }: Ref,
  { kubernetes, namespace }: ProbeCertificateProps,
): Promise<string | undefined> {
  const requests = await kubernetes.list(GROUP, 'CertificateRequest', namespace);
  const own = requests.filter(request =>
    request.metadata?.ownerReferences?.some(owner => owner.name === metadata.name),
  );
  return own.map(refusalIn).find(reason => reason !== undefined);
}

interface Condition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
}

function refusalIn({ status }: Manifest): string | undefined {
  const { conditions = [] } = (status ?? {}) as { readonly conditions?: readonly Condition[] };
  const bad = conditions.find(
    ({ type, status: holds, reason }) =>
      (['Denied', 'InvalidRequest'].includes(type ?? '') && holds === 'True') ||
      (type === 'Ready' && holds === 'False' && ['Failed', 'Denied'].includes(reason ?? '')),
  );
  return bad && (bad.message ?? bad.reason ?? bad.type);
}

/** The certificate stands every rule, and leads to the root that came with it. */
function verified(secret: Manifest | undefined, dnsName: string, where: string) {
  const data = (secret?.['data'] ?? {}) as Readonly<Record<string, string>>;
  const pem = (key: string) => Buffer.from(data[key] ?? '', 'base64');
  const material = readMaterial(Buffer.concat([pem('tls.crt'), pem('tls.key')]), where);
  const roots = readMaterial(pem('ca.crt'), where).certificates;
  if (roots.length === 0) {
    throw new PlatformError('ProbeCertificateFailed', `the Secret ${where} has no ca.crt`, {
      where,
      want: 'the root of the issuer in ca.crt',
    });
  }
  const { findings } = inspectMaterial(material, { at: new Date(), source: where, roots, names: [dnsName] });
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [leaf] = material.certificates;
  if (errors.length > 0 || leaf === undefined) {
    throw new PlatformError('ProbeCertificateFailed', `the certificate of ${where} does not verify`, {
      where,
      findings: errors,
    });
  }
  return { issuer: leaf.info.issuer, notAfter: leaf.info.notAfter };
}

function failed({ metadata }: Ref, saw: string): PlatformError {
  return new PlatformError('ProbeCertificateFailed', 'a probe certificate was not issued', {
    where: `${metadata.namespace}/${metadata.name}`,
    saw,
  });
}
