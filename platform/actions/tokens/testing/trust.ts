import {
  type IssuedCertificate,
  localAuthority,
  newLocalAuthority,
  requestCertificate,
} from '../../../../certs/index.js';
import type { Kubernetes, Manifest } from '../../../edges/kubernetes.js';
import { type ClusterPlan, NAMESPACES, TRUST_NAME } from '../../../plan/index.js';

export interface Trust {
  /** PEM */
  readonly roots: string;
  readonly operator: IssuedCertificate;
  /** A certificate of a workload of the plan, for more names than it has there. */
  issued(workload: string, more?: readonly string[]): Promise<IssuedCertificate>;
}

/** An authority that the cluster shows as trusted, beside the certificate of the operator. */
export async function showTrust(plan: ClusterPlan, cluster: Kubernetes): Promise<Trust> {
  const material = await newLocalAuthority({ commonName: 'try', algorithm: 'ecdsa-p256' });
  const authority = await localAuthority(material);
  const issued = async (workload: string, more: readonly string[] = []) => {
    const wanted = plan.certificates.find(it => it.workload === workload);
    if (wanted === undefined) throw new RangeError(workload);
    return requestCertificate(authority, { ...wanted, dnsNames: [...wanted.dnsNames, ...more] });
  };
  const operator = await issued('operator');
  const namespace = NAMESPACES.clients;
  await cluster.apply({
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: TRUST_NAME } },
    data: { 'ca.crt': material.root },
  } as Manifest);
  await cluster.apply({
    ...{ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name: 'operator-tls' } },
    stringData: { 'tls.crt': operator.certificate, 'tls.key': operator.key },
  } as Manifest);
  return { roots: material.root, operator, issued };
}
