import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { ofKind } from '../objects/reader.js';
import { Resources } from '../templates/reader.js';
import { lifeOf } from './durations.js';

const WEEK = 7 * 86_400;

export const leafTooLongForCa = define(
  {
    code: 'LeafTooLongForCa',
    group: 'certificates',
    severity: 'error',
    happens:
      'Every request fails with a ValidationException; cert-manager marks it failed and tries again hours later, for ever.',
    why: 'A private CA in short-lived mode signs for at most 7 days. The mode stands in one template, the duration in another.',
    source: 'https://docs.aws.amazon.com/privateca/latest/userguide/short-lived-certificates.html',
    fixInFiles: 'shorten spec.duration, or take a CA whose UsageMode is GENERAL_PURPOSE',
    examples: {
      bad: {
        templates:
          'Resources: { Root: { Type: AWS::ACMPCA::CertificateAuthority, DeletionPolicy: Retain, UpdateReplacePolicy: Retain, Properties: { Type: ROOT, UsageMode: SHORT_LIVED_CERTIFICATE } } }',
        objects: `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: web }
spec:
  secretName: web-tls
  duration: 720h
  usages: [server auth]
  issuerRef: { group: awspca.cert-manager.io, kind: AWSPCAClusterIssuer, name: platform }`,
      },
      good: {
        templates:
          'Resources: { Root: { Type: AWS::ACMPCA::CertificateAuthority, DeletionPolicy: Retain, UpdateReplacePolicy: Retain, Properties: { Type: ROOT, UsageMode: SHORT_LIVED_CERTIFICATE } } }',
        objects: `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: web }
spec:
  secretName: web-tls
  duration: 168h
  usages: [server auth]
  issuerRef: { group: awspca.cert-manager.io, kind: AWSPCAClusterIssuer, name: platform }`,
      },
    },
  },
  {
    config: true,
    objects: (objects, { artifacts }) => {
      const authorities = new Resources(artifacts.templates).of('AWS::ACMPCA::CertificateAuthority');
      const modes = authorities.map(({ properties }) => properties['UsageMode']);
      if (modes.length === 0 || modes.some(mode => mode !== 'SHORT_LIVED_CERTIFICATE')) return [];
      return ofKind(objects, 'Certificate').flatMap(at => {
        const spec = at.object['spec'];
        if (!isMapping(spec) || valueAt(spec, ['issuerRef', 'group']) !== 'awspca.cert-manager.io') return [];
        return lifeOf(spec).duration > WEEK
          ? [
              {
                at,
                path: ['spec', 'duration'],
                message: `Certificate ${at.object.metadata.name} asks for more than a short-lived CA signs`,
                saw: spec['duration'] ?? '2160h, the default',
                want: '<= 168h',
              },
            ]
          : [];
      });
    },
  },
);
