import { define } from '../define.js';
import { mappings, podTemplates } from './reader.js';

export const certificateBySubPath = define(
  {
    code: 'CertificateBySubPath',
    group: 'certificates',
    severity: 'error',
    happens:
      'The certificate is renewed, the pod goes on serving the old one, and everything stops on the day that it expires.',
    why: 'A file that is mounted by subPath is never updated; a mounted folder is, within a minute.',
    source: 'https://github.com/kubernetes/kubernetes/issues/50345',
    examples: {
      bad: {
        objects: `apiVersion: v1
kind: Pod
metadata: { name: client }
spec:
  volumes: [{ name: tls, secret: { secretName: client-tls } }]
  containers: [{ name: client, image: "client:1.0.0", volumeMounts: [{ name: tls, mountPath: /tls/tls.crt, subPath: tls.crt }] }]`,
      },
      good: {
        objects: `apiVersion: v1
kind: Pod
metadata: { name: client }
spec:
  volumes: [{ name: tls, secret: { secretName: client-tls } }]
  containers: [{ name: client, image: "client:1.0.0", volumeMounts: [{ name: tls, mountPath: /tls }] }]`,
      },
    },
  },
  {
    objects: objects =>
      podTemplates(objects).flatMap(({ at, spec, containers }) => {
        const secrets = mappings(spec['volumes'])
          .filter(volume => volume['secret'] !== undefined)
          .map(({ name }) => name);
        return containers.flatMap(({ path, spec: container }) =>
          mappings(container['volumeMounts']).flatMap((mount, index) =>
            secrets.includes(mount['name']) &&
            /\.(crt|key|pem)$|^(tls|ca)\b/.test(String(mount['subPath'] ?? ''))
              ? [
                  {
                    at,
                    path: [...path, 'volumeMounts', index, 'subPath'],
                    message: `${at.object.metadata.name} never sees a renewed ${String(mount['subPath'])}`,
                    saw: `subPath: ${String(mount['subPath'])}`,
                    want: 'the folder, without subPath',
                  },
                ]
              : [],
          ),
        );
      }),
  },
);
