import type { Config } from '../../config/index.js';
import type { KubernetesOptions } from '../../edges/kubernetes.js';
import { PlatformError } from '../../errors.js';
import { ISSUER_NAME, makePlan, NAMESPACES } from '../../plan/index.js';
import { connectCluster } from '../cluster/connect.js';
import { forwarding, type Reach } from '../cluster/reach.js';
import { servedChecks, withClusterSubject } from './cluster-subject.js';
import { summary, type Verification, type VerifiedCheck, type VerifyOptions, verify } from './index.js';
import { type ProbeCertificate, type ProbeCertificateProps, probeCertificate } from './probe-certificate.js';
import type { StoreAccess } from './subject.js';

export interface VerifyIssuerOptions
  extends KubernetesOptions,
    Pick<ProbeCertificateProps, 'timeoutMs' | 'report' | 'signal'> {}

/** Has the issuer of a cluster prove itself. Needs an API server and cert-manager, and no broker. */
export function verifyIssuer(config: Config, options: VerifyIssuerOptions): Promise<ProbeCertificate> {
  const { kubeconfig, context, ...rest } = options;
  const cluster = connectCluster(makePlan(config, { target: 'cluster' }), options);
  return probeCertificate({
    ...rest,
    kubernetes: cluster,
    namespace: NAMESPACES.pulsar,
    issuer: issuerOf(config),
  });
}

export interface VerifyClusterOptions
  extends VerifyIssuerOptions,
    Pick<VerifyOptions, 'report' | 'signal' | 'only'> {
  /** How a port of a pod is dialled. @default - kubectl port-forward */
  readonly reach?: Reach;
  /** How recordings are written. @default - S3 of the region, by the SDK's own chain of credentials */
  readonly store?: StoreAccess;
}

/**
 * The whole matrix of a cluster, by the same rows as on this machine: what its pods serve and refuse through the API
 * server, entrances by their names. What can't be tried from here is skipped, with the reason.
 */
export async function verifyCluster(config: Config, options: VerifyClusterOptions): Promise<Verification> {
  const { report, signal, only } = options;
  const asks = (group: VerifiedCheck['group']) => only?.includes(group) ?? true;
  const plan = makePlan(config, { target: 'cluster' });
  const cluster = connectCluster(plan, options);
  const began = performance.now();
  const before = asks('issuer') ? [await issuerCheck(config, options)] : [];
  // An API server and cert-manager are enough for it: no broker has to be there, and no port is forwarded.
  if (only?.every(group => group === 'issuer')) return summary(before, (performance.now() - began) / 1000);
  const reach = options.reach ?? forwarding(cluster, options);
  // Topics of round trips are made by the operator; for everything else he is not asked for.
  const withAdmin = asks('entrances');
  const store = asks('speech') ? (options.store ?? { region: plan.region }) : undefined;
  const edges = { cluster, reach, withAdmin, ...(store && { store }) };
  return withClusterSubject(plan, edges, async subject => {
    const served = asks('certificates') ? await servedChecks(subject, report) : [];
    return verify(subject, { report, signal, before: [...before, ...served], ...(only && { only }) });
  });
}

async function issuerCheck(config: Config, options: VerifyIssuerOptions): Promise<VerifiedCheck> {
  const began = performance.now();
  const row = {
    group: 'issuer',
    from: 'operator',
    endpoint: `issuer ${ISSUER_NAME}`,
    expects: 'accepted',
    what: 'issues a certificate that verifies',
  } as const;
  const ms = () => Math.round(performance.now() - began);
  try {
    const { issuer, seconds } = await verifyIssuer(config, options);
    return { ...row, result: 'passed', saw: `${issuer}, in ${seconds} s; it is removed`, ms: ms() };
  } catch (error) {
    if (!(error instanceof PlatformError) || options.signal.aborted) throw error;
    return { ...row, result: 'failed', saw: `${error.code}: ${error.message}`, ms: ms() };
  }
}

/** What the certificates of the platform name as their issuer. */
function issuerOf({ tls }: Config): ProbeCertificateProps['issuer'] {
  return usesPcaIssuer(tls.issuer)
    ? { group: 'awspca.cert-manager.io', kind: 'AWSPCAClusterIssuer', name: ISSUER_NAME }
    : { group: 'cert-manager.io', kind: 'ClusterIssuer', name: ISSUER_NAME };
}

/** An intermediate in the cluster is signed by the private CA once, and signs leaves itself. */
function usesPcaIssuer(issuer: Config['tls']['issuer']): boolean {
  return issuer.kind === 'awsPrivateCa' && issuer.mode !== 'subordinate';
}
