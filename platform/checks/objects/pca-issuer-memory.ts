import { valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { quantityMiB } from '../values/memory.js';
import { podTemplates } from './reader.js';

const LEAST_MIB = 128;

export const pcaIssuerMemory = define(
  {
    code: 'PcaIssuerMemory',
    group: 'certificates',
    severity: 'error',
    happens:
      'The issuer is killed (OOMKilled) at some 350 certificates, restarts, asks for all of them again, and AWS bills each call.',
    why: 'Its chart limits it to 64Mi; it keeps every request of the cluster in memory.',
    source: 'https://github.com/cert-manager/aws-privateca-issuer/issues/448',
    examples: {
      bad: {
        objects: `apiVersion: apps/v1
kind: Deployment
metadata: { name: aws-privateca-issuer }
spec:
  template:
    metadata: { labels: { app: issuer } }
    spec: { containers: [{ name: issuer, image: "registry.example/aws-privateca-issuer:v1.11.0", resources: { limits: { memory: 64Mi } } }] }`,
      },
      good: {
        objects: `apiVersion: apps/v1
kind: Deployment
metadata: { name: aws-privateca-issuer }
spec:
  template:
    metadata: { labels: { app: issuer } }
    spec: { containers: [{ name: issuer, image: "registry.example/aws-privateca-issuer:v1.11.0", resources: { limits: { memory: 256Mi } } }] }`,
      },
    },
  },
  {
    objects: objects =>
      podTemplates(objects).flatMap(({ at, containers }) =>
        containers.flatMap(({ path, spec }) => {
          const limit = valueAt(spec, ['resources', 'limits', 'memory']);
          const mib = quantityMiB(limit === undefined ? undefined : String(limit));
          return /aws-privateca-(issuer|connector)/.test(String(spec['image'])) &&
            mib !== undefined &&
            mib < LEAST_MIB
            ? [
                {
                  at,
                  path: [...path, 'resources', 'limits', 'memory'],
                  message: 'the issuer of AWS Private CA gets too little memory',
                  saw: limit,
                  want: '256Mi',
                },
              ]
            : [];
        }),
      ),
  },
);
