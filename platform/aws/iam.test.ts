import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { ACCOUNT, may, policiesOf, REGION } from './testing/iam.js';
import { planOf, synthesize, type Templates } from './testing/templates.js';

const example = await readFile('platform.yaml', 'utf8');
const prod = planOf(example, 'prod');
const prodTemplates = synthesize(prod);
const task = synthesize(
  planOf(
    'name: voice\nregion: eu-central-1\ndomain: voice.example.com\nweb: { runOn: fargate, image: registry.example.com/web:1 }\nservices: { database: { kind: postgres, host: db.example.com } }\ntls: { issuer: { kind: letsEncrypt, email: ops@example.com } }\ndns: { kind: existingZone, zoneId: Z0123456789ABCDEFGHIJ }\n',
  ),
);

const bucket = (alias: 'audio' | 'images' | 'results' | 'ledgers') =>
  `arn:aws:s3:::${prod.names.bucket(alias)}`;
const secret = (id: string, prefix = 'voice-prod') =>
  `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${prefix}/${id}-AbCdEf`;
const ca = `arn:aws:acm-pca:${REGION}:${ACCOUNT}:certificate-authority/11111111-2222-3333-4444-555555555555`;
const otherCa = ca.replace('1111', '9999');
const template = (name: string) => ({ 'acm-pca:TemplateArn': `arn:aws:acm-pca:::template/${name}` });
const ec2 = (resource: string) => `arn:aws:ec2:${REGION}:${ACCOUNT}:${resource}`;
const owned = {
  'aws:ResourceTag/kubernetes.io/cluster/voice-prod': 'owned',
  'aws:ResourceTag/karpenter.sh/nodepool': 'stateless',
};
const key = `arn:aws:kms:${REGION}:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const zone = 'arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ';
const records = (type: string) => ({ 'route53:ChangeResourceRecordSetsRecordTypes': type });
const ecr = (repository: string, account = ACCOUNT) =>
  `arn:aws:ecr:${REGION}:${account}:repository/${repository}`;
const project = (name: string) => `arn:aws:codebuild:${REGION}:${ACCOUNT}:project/${name}`;

type Question = [
  role: string,
  action: string,
  resource: string,
  context?: Readonly<Record<string, string>>,
  templates?: Templates,
];

const MAY: readonly Question[] = [
  ['voice-prod-transcriber', 's3:GetObject', `${bucket('audio')}/thread/1.webm`],
  ['voice-prod-transcriber', 's3:ListBucket', bucket('audio')],
  ['voice-prod-transcriber', 's3:PutObject', `${bucket('results')}/1/result.json`],
  ['voice-prod-images', 's3:GetObject', `${bucket('images')}/1.jpg`],
  ['voice-prod-images', 's3:PutObject', `${bucket('results')}/1/thumbnail.webp`],
  ['voice-prod-web', 's3:PutObject', `${bucket('audio')}/1.webm`],
  ['voice-prod-web', 's3:GetObject', `${bucket('results')}/1/result.json`],
  ['voice-prod-broker', 's3:PutObject', `${bucket('ledgers')}/ledger-1`],
  ['voice-prod-broker', 's3:DeleteObject', `${bucket('ledgers')}/ledger-1`],
  ['voice-prod-privateca-issuer', 'acm-pca:DescribeCertificateAuthority', ca],
  ['voice-prod-privateca-issuer', 'acm-pca:GetCertificate', ca],
  [
    'voice-prod-privateca-issuer',
    'acm-pca:IssueCertificate',
    ca,
    template('EndEntityServerAuthCertificate/V1'),
  ],
  ['voice-prod-external-secrets', 'secretsmanager:GetSecretValue', secret('tokens/web')],
  ['voice-prod-external-secrets', 'secretsmanager:GetSecretValue', secret('transcription-api-key')],
  ['voice-prod-karpenter', 'ec2:TerminateInstances', ec2('instance/i-0123456789abcdef0'), owned],
  ['voice-prod-karpenter', 'sqs:ReceiveMessage', `arn:aws:sqs:${REGION}:${ACCOUNT}:voice-prod-karpenter`],
  ['voice-prod-node', 'ecr:BatchGetImage', ecr('voice-prod/web')],
  [
    'voice-prod-node',
    'ecr:BatchGetImage',
    ecr('eks/coredns', '602401143452'),
    { 'aws:ResourceAccount': '602401143452' },
  ],
  ['voice-prod-delivery', 'ecr:PutImage', ecr('voice-prod/web')],
  ['voice-prod-delivery', 'codebuild:StartBuild', project('voice-prod-deploy')],
  ['voice-prod-deploy', 'eks:DescribeCluster', `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/voice-prod`],
  ['voice-web-execution', 'secretsmanager:GetSecretValue', secret('session-key', 'voice'), {}, task],
  ['voice-external-secrets', 'secretsmanager:PutSecretValue', secret('web-tls/key', 'voice'), {}, task],
  ['voice-cert-manager', 'route53:ChangeResourceRecordSets', zone, records('TXT'), task],
];

const MAY_NOT: readonly Question[] = [
  ['voice-prod-transcriber', 's3:PutObject', `${bucket('audio')}/1.webm`],
  ['voice-prod-transcriber', 's3:DeleteObject', `${bucket('audio')}/1.webm`],
  ['voice-prod-transcriber', 's3:PutObject', `${bucket('results')}/1/thumbnail.webp`],
  ['voice-prod-transcriber', 's3:GetObject', `${bucket('images')}/1.jpg`],
  ['voice-prod-transcriber', 's3:GetObject', 'arn:aws:s3:::somebody-else/1'],
  ['voice-prod-transcriber', 'kms:Decrypt', key],
  ['voice-prod-images', 's3:GetObject', `${bucket('audio')}/1.webm`],
  ['voice-prod-images', 's3:PutObject', `${bucket('results')}/1/page.html`],
  ['voice-prod-web', 's3:PutObject', `${bucket('results')}/1/result.json`],
  ['voice-prod-web', 's3:DeleteObject', `${bucket('audio')}/1.webm`],
  ['voice-prod-web', 'secretsmanager:GetSecretValue', secret('session-key')],
  ['voice-prod-broker', 's3:GetObject', `${bucket('audio')}/1.webm`],
  ['voice-prod-broker', 's3:DeleteBucket', bucket('ledgers')],
  [
    'voice-prod-privateca-issuer',
    'acm-pca:IssueCertificate',
    ca,
    template('SubordinateCACertificate_PathLen0/V1'),
  ],
  ['voice-prod-privateca-issuer', 'acm-pca:IssueCertificate', otherCa, template('EndEntityCertificate/V1')],
  ['voice-prod-privateca-issuer', 'acm-pca:RevokeCertificate', ca],
  ['voice-prod-privateca-issuer', 'acm-pca:DeleteCertificateAuthority', ca],
  ['voice-prod-external-secrets', 'secretsmanager:GetSecretValue', secret('token-keys/private')],
  ['voice-prod-external-secrets', 'secretsmanager:PutSecretValue', secret('tokens/web')],
  ['voice-prod-external-secrets', 'secretsmanager:GetSecretValue', secret('somebody', 'else')],
  ['voice-prod-karpenter', 'ec2:TerminateInstances', ec2('instance/i-0123456789abcdef0')],
  [
    'voice-prod-karpenter',
    'iam:PassRole',
    `arn:aws:iam::${ACCOUNT}:role/Admin`,
    { 'iam:PassedToService': 'ec2.amazonaws.com' },
  ],
  ['voice-prod-karpenter', 'iam:CreateInstanceProfile', `arn:aws:iam::${ACCOUNT}:instance-profile/mine`],
  ['voice-prod-node', 's3:GetObject', `${bucket('audio')}/1.webm`],
  ['voice-prod-node', 'secretsmanager:GetSecretValue', secret('tokens/broker')],
  ['voice-prod-node', 'ecr:BatchGetImage', ecr('another/image'), { 'aws:ResourceAccount': ACCOUNT }],
  ['voice-prod-node', 'ecr:PutImage', ecr('voice-prod/web')],
  ['voice-prod-delivery', 'ecr:BatchDeleteImage', ecr('voice-prod/web')],
  ['voice-prod-delivery', 'ecr:PutImage', ecr('voice-dev/web')],
  ['voice-prod-delivery', 'codebuild:StartBuild', project('another')],
  ['voice-prod-delivery', 'eks:DescribeCluster', `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/voice-prod`],
  ['voice-prod-deploy', 'ecr:PutImage', ecr('voice-prod/web')],
  ['voice-prod-deploy', 'eks:UpdateClusterConfig', `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/voice-prod`],
  ['voice-web', 'secretsmanager:GetSecretValue', secret('session-key', 'voice'), {}, task],
  ['voice-web-execution', 's3:GetObject', `${bucket('audio')}/1.webm`, {}, task],
  ['voice-web-execution', 'secretsmanager:GetSecretValue', secret('tokens/broker', 'voice'), {}, task],
  ['voice-cert-manager', 'route53:ChangeResourceRecordSets', zone, records('A'), task],
  ['voice-cert-manager', 'route53:DeleteHostedZone', zone, {}, task],
];

it('asks more than forty questions, half of them about what must not be', () => {
  expect(MAY.length + MAY_NOT.length).toBeGreaterThanOrEqual(40);
  expect(MAY_NOT.length).toBeGreaterThanOrEqual(MAY.length);
});

it('lets a role use the key through S3, for its own buckets: conditions that the simulator does not know', () => {
  const { policies } = policiesOf(prodTemplates, 'voice-prod-transcriber');
  const text = JSON.stringify(policies);
  for (const alias of ['audio', 'results'] as const) {
    expect(text).toContain(
      JSON.stringify({
        'kms:ViaService': `s3.${REGION}.amazonaws.com`,
        'kms:EncryptionContext:aws:s3:arn': bucket(alias),
      }),
    );
  }
  expect(text.split('kms:ViaService')).toHaveLength(3);
});

it.each(MAY)('%s may %s on %s', async (role, action, resource, context = {}, templates = prodTemplates) => {
  expect(await may(templates, role, action, resource, context)).toBe(true);
});

it.each(MAY_NOT)(
  '%s may not %s on %s',
  async (role, action, resource, context = {}, templates = prodTemplates) => {
    expect(await may(templates, role, action, resource, context)).toBe(false);
  },
);
