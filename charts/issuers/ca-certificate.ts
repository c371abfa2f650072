import { ApiObject, type Chart } from 'cdk8s';
import { type KeyAlgorithm, NAMESPACES } from '../../platform/plan/index.js';
import { privateKeyOf } from '../certificates/private-key.js';

export interface CaCertificateProps {
  readonly name: string;
  readonly commonName: string;
  readonly algorithm: KeyAlgorithm;
  readonly hours: number;
  readonly renewBeforeHours: number;
  readonly issuer: { readonly name: string; readonly kind: string; readonly group: string };
}

/**
 * An authority whose key lies in the cluster. It keeps its key when it is renewed: with a new one, nothing would verify
 * until every leaf is issued again. `platform certs rotate-ca` replaces it with overlap.
 */
export function caCertificate(chart: Chart, props: CaCertificateProps): void {
  const { name, commonName, algorithm, hours, renewBeforeHours, issuer } = props;
  new ApiObject(chart, name, {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name, namespace: NAMESPACES.certManager },
    spec: {
      isCA: true,
      commonName,
      secretName: name,
      duration: `${hours}h`,
      renewBefore: `${renewBeforeHours}h`,
      usages: ['cert sign', 'crl sign', 'digital signature'],
      privateKey: { ...privateKeyOf(algorithm), rotationPolicy: 'Never' },
      issuerRef: issuer,
    },
  });
}
