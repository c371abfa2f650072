import type { Config } from '../../config/index.js';
import type { KubernetesOptions } from '../../edges/kubernetes.js';
import { ISSUER_NAME, makePlan, NAMESPACES } from '../../plan/index.js';
import { connectCluster } from '../cluster/connect.js';
import { type ProbeCertificate, type ProbeCertificateProps, probeCertificate } from './probe-certificate.js';

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
