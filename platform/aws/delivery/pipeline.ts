import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { CfnProject } from 'aws-cdk-lib/aws-codebuild';
import { CfnPipeline } from 'aws-cdk-lib/aws-codepipeline';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ClusterPlan } from '../../plan/index.js';
import { acknowledge } from '../acknowledge.js';
import { namedRole } from '../roles.js';
import { buildProject, digestOf } from './project.js';
import { startStatements } from './roles.js';

export interface PipelineProps {
  readonly plan: ClusterPlan;
  readonly key: IKey;
  readonly deploy: CfnProject;
}

/** CodePipeline V2: the branch, a build of every service, then one deployment after the other. */
export function pipeline(scope: Construct, { plan, key, deploy }: PipelineProps): void {
  const { names, services } = plan;
  const { delivery } = plan.config;
  if (delivery.kind !== 'codepipeline') throw new RangeError('no delivery by CodePipeline');
  const stack = Stack.of(scope);
  const sources = sourceBucket(scope, plan, key);
  const objects = sources.arnForObjects('*');
  const build = buildProject(scope, {
    plan,
    key,
    artifacts: [
      new PolicyStatement({
        sid: 'Sources',
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: [objects],
      }),
    ],
  });
  const buildArn = stack.formatArn({ service: 'codebuild', resource: 'project', resourceName: build.ref });
  const deployArn = stack.formatArn({ service: 'codebuild', resource: 'project', resourceName: deploy.ref });
  const role = namedRole(
    scope,
    'pipeline-role',
    names.role('pipeline'),
    `${names.prefix}: CodePipeline`,
    new ServicePrincipal('codepipeline.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
    {
      statements: [
        new PolicyStatement({
          sid: 'Sources',
          actions: ['s3:GetObject', 's3:PutObject'],
          resources: [objects],
        }),
        new PolicyStatement({
          sid: 'Encrypt',
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: [key.keyArn],
        }),
        new PolicyStatement({
          sid: 'ReadTheRepository',
          actions: ['codeconnections:UseConnection', 'codestar-connections:UseConnection'],
          resources: [delivery.connectionArn],
          conditions: {
            StringEqualsIfExists: { 'codeconnections:FullRepositoryId': delivery.repository },
          },
        }),
        ...startStatements(buildArn),
        ...startStatements(deployArn).map(statement => statement.copy({ sid: 'DeployServices' })),
      ],
      wildcards: 'artifacts get their names when they are made',
    },
  );
  new CfnPipeline(scope, 'pipeline', {
    name: names.prefix,
    pipelineType: 'V2',
    executionMode: 'QUEUED',
    roleArn: role.roleArn,
    artifactStore: {
      type: 'S3',
      location: sources.bucketName,
      encryptionKey: { type: 'KMS', id: key.keyArn },
    },
    stages: [
      { name: 'Source', actions: [sourceAction(delivery)] },
      { name: 'Build', actions: [buildAction(build.ref)] },
      {
        name: 'Deploy',
        actions: services.map(({ name }, index) => deployAction(deploy.ref, name, index + 1)),
      },
    ],
  });
}

function sourceBucket(scope: Construct, { names }: ClusterPlan, encryptionKey: IKey): Bucket {
  const bucket = new Bucket(scope, 'sources', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    encryption: BucketEncryption.KMS,
    encryptionKey,
    bucketKeyEnabled: true,
    lifecycleRules: [
      { id: 'age-out', expiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  acknowledge(
    bucket,
    'S1',
    `${names.prefix} sources: CodePipeline alone reads and writes it, and CloudTrail says so`,
  );
  return bucket;
}

function sourceAction({
  connectionArn,
  repository,
  branch,
}: {
  readonly connectionArn: string;
  readonly repository: string;
  readonly branch: string;
}): CfnPipeline.ActionDeclarationProperty {
  return {
    name: 'Repository',
    actionTypeId: { category: 'Source', owner: 'AWS', provider: 'CodeStarSourceConnection', version: '1' },
    configuration: { ConnectionArn: connectionArn, FullRepositoryId: repository, BranchName: branch },
    outputArtifacts: [{ name: 'sources' }],
  };
}

function buildAction(ProjectName: string): CfnPipeline.ActionDeclarationProperty {
  return {
    name: 'Images',
    namespace: 'images',
    actionTypeId: { category: 'Build', owner: 'AWS', provider: 'CodeBuild', version: '1' },
    configuration: { ProjectName },
    inputArtifacts: [{ name: 'sources' }],
  };
}

function deployAction(
  ProjectName: string,
  service: string,
  runOrder: number,
): CfnPipeline.ActionDeclarationProperty {
  return {
    name: service,
    runOrder,
    actionTypeId: { category: 'Build', owner: 'AWS', provider: 'CodeBuild', version: '1' },
    configuration: {
      ProjectName,
      EnvironmentVariables: JSON.stringify([
        { name: 'SERVICE', type: 'PLAINTEXT', value: service },
        { name: 'DIGEST', type: 'PLAINTEXT', value: `#{images.${digestOf(service)}}` },
      ]),
    },
    inputArtifacts: [{ name: 'sources' }],
  };
}
