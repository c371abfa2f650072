import { valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { ofKind } from './reader.js';

export const certificateUsagesMissing = define(
  {
    code: 'CertificateUsagesMissing',
    group: 'certificates',
    severity: 'error',
    happens:
      'The certificate is issued without any extended key usage; strict servers and clients refuse it, or IAM refuses the request by its template.',
    why: 'The issuer chooses the template of AWS Private CA from the usages; only server auth and client auth have one that sets them.',
    source: 'https://github.com/cert-manager/aws-privateca-issuer#supported-workflows',
    examples: {
      bad: {
        objects: `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: web }
spec: { secretName: web-tls, dnsNames: [web.example.com], issuerRef: { group: awspca.cert-manager.io, kind: AWSPCAClusterIssuer, name: platform } }`,
      },
      good: {
        objects: `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: web }
spec: { secretName: web-tls, dnsNames: [web.example.com], usages: [server auth], issuerRef: { group: awspca.cert-manager.io, kind: AWSPCAClusterIssuer, name: platform } }`,
      },
    },
  },
  {
    objects: objects =>
      ofKind(objects, 'Certificate').flatMap(at => {
        if (valueAt(at.object, ['spec', 'issuerRef', 'group']) !== 'awspca.cert-manager.io') return [];
        if (valueAt(at.object, ['spec', 'isCA']) === true) return [];
        const usages = valueAt(at.object, ['spec', 'usages']);
        const listed = Array.isArray(usages) ? usages.map(String) : [];
        const fits =
          listed.length > 0 && listed.every(usage => ['server auth', 'client auth'].includes(usage));
        return fits
          ? []
          : [
              {
                at,
                path: ['spec', 'usages'],
                message: `Certificate ${at.object.metadata.name} would be issued without an extended key usage`,
                saw:
                  listed.length > 0 ? listed.join(', ') : 'the default: digital signature, key encipherment',
                want: 'server auth, client auth, or both, and nothing else',
              },
            ];
      }),
  },
);
