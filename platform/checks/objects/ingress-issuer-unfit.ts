import { define } from '../define.js';
import { ofKind, texts } from './reader.js';

export const ingressIssuerUnfit = define(
  {
    code: 'IngressIssuerUnfit',
    group: 'certificates',
    severity: 'error',
    happens:
      'No certificate is ever requested for the Ingress; its controller serves the fake one of its own.',
    why: 'The annotation cert-manager.io/cluster-issuer looks among the ClusterIssuers of cert-manager itself; an AWSPCAClusterIssuer is another kind, of another group.',
    source: 'https://github.com/cert-manager/aws-privateca-issuer/issues/252',
    examples: {
      bad: {
        objects: `apiVersion: awspca.cert-manager.io/v1beta1
kind: AWSPCAClusterIssuer
metadata: { name: platform }
spec: { region: eu-central-1 }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, annotations: { cert-manager.io/cluster-issuer: platform } }
spec: {}`,
      },
      good: {
        objects: `apiVersion: awspca.cert-manager.io/v1beta1
kind: AWSPCAClusterIssuer
metadata: { name: platform }
spec: { region: eu-central-1 }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations: { cert-manager.io/issuer: platform, cert-manager.io/issuer-kind: AWSPCAClusterIssuer, cert-manager.io/issuer-group: awspca.cert-manager.io }
spec: {}`,
      },
    },
  },
  {
    objects: objects => {
      const key = 'cert-manager.io/cluster-issuer';
      const own = ofKind(objects, 'ClusterIssuer').map(({ object }) => object.metadata.name);
      const pca = ofKind(objects, 'AWSPCAClusterIssuer').map(({ object }) => object.metadata.name);
      return ofKind(objects, 'Ingress', 'Gateway').flatMap(at => {
        const name = texts(at.object.metadata.annotations)[key];
        return name !== undefined && pca.includes(name) && !own.includes(name)
          ? [
              {
                at,
                path: ['metadata', 'annotations', key],
                message: `${at.object.kind} ${at.object.metadata.name} names an issuer that cert-manager does not find by this annotation`,
                saw: `${key}: ${name}`,
                want: 'cert-manager.io/issuer with issuer-kind and issuer-group',
              },
            ]
          : [];
      });
    },
  },
);
