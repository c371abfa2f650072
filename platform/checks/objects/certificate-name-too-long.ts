import { valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { ofKind } from './reader.js';

export const certificateNameTooLong = define(
  {
    code: 'CertificateNameTooLong',
    group: 'certificates',
    severity: 'error',
    happens: "cert-manager's webhook refuses the certificate, and with it the whole release.",
    why: 'X.509 allows 64 bytes for a common name. Long names of releases and namespaces exceed them.',
    source: 'https://github.com/cert-manager/cert-manager/issues/1462',
    examples: {
      bad: {
        objects: `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: broker }
spec: { secretName: broker-tls, commonName: broker.a-namespace-with-a-very-long-name.and-a-cluster-too.svc.cluster.local, issuerRef: { name: ca } }`,
      },
      good: {
        objects: `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: broker }
spec: { secretName: broker-tls, commonName: broker, issuerRef: { name: ca } }`,
      },
    },
  },
  {
    objects: objects =>
      ofKind(objects, 'Certificate').flatMap(at => {
        const name = String(valueAt(at.object, ['spec', 'commonName']) ?? '');
        return Buffer.byteLength(name) > 64
          ? [
              {
                at,
                path: ['spec', 'commonName'],
                message: `the common name of Certificate ${at.object.metadata.name} is longer than X.509 allows`,
                saw: `${Buffer.byteLength(name)} bytes`,
                want: '<= 64 bytes; clients look at dnsNames',
              },
            ]
          : [];
      }),
  },
);
