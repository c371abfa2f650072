import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { AwsGrant } from '../plan/index.js';

type Grant<To extends AwsGrant['to']> = Extract<AwsGrant, { readonly to: To }>;

export interface EncryptedBucket {
  readonly arn: string;
  /** Key of the bucket. @default - S3's own */
  readonly keyArn?: string;
  readonly region: string;
}

/**
 * A reader may list, since S3 hides from others whether an object is missing or forbidden, and the services act
 * differently on the two.
 */
export function bucketStatements(
  { may, keys = ['*'] }: Grant<'bucket'>,
  { arn, keyArn, region }: EncryptedBucket,
): PolicyStatement[] {
  const objects = keys.map(key => `${arn}/${key}`);
  const allow = (when: boolean, actions: string[], resources: string[], conditions?: object) =>
    when ? [new PolicyStatement({ actions, resources, ...(conditions && { conditions }) })] : [];
  const [read, write, remove] = (['read', 'write', 'delete'] as const).map(what => may.includes(what));
  // With bucket keys the encryption context is the bucket.
  const throughBucket = {
    StringEquals: {
      'kms:ViaService': `s3.${region}.amazonaws.com`,
      'kms:EncryptionContext:aws:s3:arn': arn,
    },
  };
  return [
    ...allow(read === true, ['s3:ListBucket'], [arn]),
    ...allow(read === true, ['s3:GetObject'], objects),
    ...allow(write === true, ['s3:PutObject', 's3:AbortMultipartUpload'], objects),
    ...allow(remove === true, ['s3:DeleteObject'], objects),
    ...(keyArn === undefined
      ? []
      : allow(
          true,
          // S3 decrypts the parts of an upload to join them.
          [...(write ? ['kms:GenerateDataKey'] : []), 'kms:Decrypt'],
          [keyArn],
          throughBucket,
        )),
  ];
}

/** Templates that follow from the usages that the platform asks for, and from no others. */
const LEAF_TEMPLATES = [
  'EndEntityCertificate/V1',
  'EndEntityServerAuthCertificate/V1',
  'EndEntityClientAuthCertificate/V1',
];
const INTERMEDIATE_TEMPLATES = ['SubordinateCACertificate_PathLen0/V1'];

/** The three actions that the issuer needs, on one CA, or on two while one takes over from the other, with the templates of what it asks for. */
export function privateCaStatements(
  arns: readonly string[],
  may: Grant<'privateCa'>['may'],
): PolicyStatement[] {
  const templates = may === 'issueLeaves' ? LEAF_TEMPLATES : INTERMEDIATE_TEMPLATES;
  return [
    new PolicyStatement({
      actions: ['acm-pca:DescribeCertificateAuthority', 'acm-pca:GetCertificate'],
      resources: [...arns],
    }),
    new PolicyStatement({
      actions: ['acm-pca:IssueCertificate'],
      resources: [...arns],
      conditions: {
        StringEquals: {
          'acm-pca:TemplateArn': templates.map(template => `arn:aws:acm-pca:::template/${template}`),
        },
      },
    }),
  ];
}

/** DNS-01: TXT records in one zone. */
export function hostedZoneStatements(zoneId: string): PolicyStatement[] {
  const zone = `arn:aws:route53:::hostedzone/${zoneId}`;
  return [
    new PolicyStatement({ actions: ['route53:GetChange'], resources: ['arn:aws:route53:::change/*'] }),
    new PolicyStatement({ actions: ['route53:ListResourceRecordSets'], resources: [zone] }),
    new PolicyStatement({
      actions: ['route53:ChangeResourceRecordSets'],
      resources: [zone],
      conditions: {
        'ForAllValues:StringEquals': { 'route53:ChangeResourceRecordSetsRecordTypes': ['TXT'] },
      },
    }),
  ];
}

export function secretStatements(arns: readonly string[]): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
      resources: [...arns],
    }),
  ];
}

/** For what external-secrets copies from the cluster: it looks first whether something changed. */
export function copyStatements(
  kind: 'secretsManager' | 'parameterStore',
  arns: readonly string[],
): PolicyStatement[] {
  const actions =
    kind === 'secretsManager'
      ? ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue']
      : ['ssm:GetParameter', 'ssm:ListTagsForResource', 'ssm:AddTagsToResource', 'ssm:PutParameter'];
  return [new PolicyStatement({ actions, resources: [...arns] })];
}

export function parameterStatements(arns: readonly string[]): PolicyStatement[] {
  return [new PolicyStatement({ actions: ['ssm:GetParameter', 'ssm:GetParameters'], resources: [...arns] })];
}
