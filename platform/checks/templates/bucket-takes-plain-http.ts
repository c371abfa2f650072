import { isMapping, valueAt } from '../../../charts/helm/shape.js';
import { define } from '../define.js';
import { listOf, referred } from './reader.js';

export const bucketTakesPlainHttp = define(
  {
    code: 'BucketTakesPlainHttp',
    group: 'aws',
    severity: 'error',
    happens:
      'A client with an http:// endpoint reads and writes recordings in plain, and nothing refuses it.',
    why: 'S3 answers on port 80 too; only a bucket policy on aws:SecureTransport refuses that.',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
    examples: {
      bad: {
        templates:
          'Resources: { Audio: { Type: AWS::S3::Bucket, DeletionPolicy: Retain, UpdateReplacePolicy: Retain, Properties: {} } }',
      },
      good: {
        templates: `Resources:
  Audio: { Type: AWS::S3::Bucket, DeletionPolicy: Retain, UpdateReplacePolicy: Retain, Properties: {} }
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties: { Bucket: { Ref: Audio }, PolicyDocument: { Statement: [{ Effect: Deny, Principal: "*", Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } }] } }`,
      },
    },
  },
  {
    templates: resources =>
      resources.of('AWS::S3::Bucket').flatMap(resource => {
        const policies = resources
          .of('AWS::S3::BucketPolicy')
          .filter(
            ({ properties, template }) =>
              template === resource.template && referred(properties['Bucket']) === resource.id,
          );
        const refuses = policies
          .flatMap(({ properties }) => listOf(valueAt(properties, ['PolicyDocument', 'Statement'])))
          .some(
            statement =>
              isMapping(statement) &&
              statement['Effect'] === 'Deny' &&
              JSON.stringify(statement['Condition'] ?? {}).includes('aws:SecureTransport'),
          );
        return refuses
          ? []
          : [
              {
                resource,
                message: `bucket ${resource.id} answers without TLS`,
                saw: 'no policy on aws:SecureTransport',
                want: 'a Deny for aws:SecureTransport false',
              },
            ];
      }),
  },
);
