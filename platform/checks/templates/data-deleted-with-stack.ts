import { define } from '../define.js';

/** What cannot be made again. */
const KEPT: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'its objects',
  'AWS::ACMPCA::CertificateAuthority': 'the authority that everybody trusts',
  'AWS::KMS::Key': 'everything that it encrypted',
};

export const dataDeletedWithStack = define(
  {
    code: 'DataDeletedWithStack',
    group: 'aws',
    severity: 'error',
    happens:
      'Deleting or renaming a stack, or a change that replaces the resource, takes the data, the key or the authority with it.',
    why: 'CloudFormation deletes what it made unless both policies say Retain.',
    source:
      'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html',
    examples: {
      bad: {
        templates:
          'Resources: { Root: { Type: AWS::ACMPCA::CertificateAuthority, Properties: { Type: ROOT } } }',
      },
      good: {
        templates:
          'Resources: { Root: { Type: AWS::ACMPCA::CertificateAuthority, DeletionPolicy: Retain, UpdateReplacePolicy: Retain, Properties: { Type: ROOT } } }',
      },
    },
  },
  {
    templates: resources =>
      Object.entries(KEPT).flatMap(([type, what]) =>
        resources
          .of(type)
          .filter(({ rest }) => !/^Retain/.test(String(rest['DeletionPolicy'])))
          .map(resource => ({
            resource,
            message: `deleting the stack deletes ${resource.id}: ${what}`,
            saw: `DeletionPolicy: ${String(rest(resource.rest))}`,
            want: 'Retain, for deletion and replacement',
          })),
      ),
  },
);

function rest(attributes: Readonly<Record<string, unknown>>): unknown {
  return attributes['DeletionPolicy'] ?? 'Delete, the default';
}
