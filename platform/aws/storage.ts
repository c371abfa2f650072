import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { BucketAlias, Config } from '../config/index.js';
import type { AwsAccess, AwsGrant, ClusterPlan } from '../plan/index.js';
import { acknowledge } from './acknowledge.js';
import { bucketStatements } from './grants.js';
import { podRole } from './roles.js';
import { PlatformStack } from './stack.js';

/** How long a version that was overwritten or deleted can still be fetched back. */
const UNDO = Duration.days(7);

interface Keeping {
  /** Days before an object is deleted. @default - kept */
  readonly days?: number;
  /** Whether what is overwritten or deleted can be fetched back for a week. */
  readonly versioned: boolean;
  /** Whether browsers write into it, by presigned URLs. */
  readonly uploads: boolean;
}

/** Buckets, the key that encrypts them, and the roles of the pods that use nothing else of AWS. */
export class StorageStack extends PlatformStack {
  /** Key of the data. Absent when S3 keeps the keys. */
  readonly key: Key | undefined;
  /** Takes access logs. Absent when none are kept. */
  readonly logs: s3.Bucket | undefined;

  constructor(scope: Construct, plan: ClusterPlan) {
    super(scope, plan, 'storage', 'buckets for recordings, pictures, results, old ledgers and access logs');
    this.key = plan.config.storage.encryption === 'kms' ? this.#key() : undefined;
    this.logs = plan.config.entrances.http.accessLogDays > 0 ? this.#logs() : undefined;
    for (const [alias, keeping] of keepingOf(plan.config)) this.#bucket(alias, keeping);
    for (const access of plan.access.filter(usesOnlyBuckets)) {
      podRole(this, plan, access, {
        statements: access.grants.flatMap(grant => this.statements(grant)),
        wildcards: 'objects of these buckets; their keys begin with ids that are made at run time',
      });
    }
  }

  /** What a grant of a bucket allows. */
  statements(grant: AwsGrant): PolicyStatement[] {
    if (grant.to !== 'bucket') return [];
    return bucketStatements(grant, {
      arn: `arn:aws:s3:::${this.plan.names.bucket(grant.bucket)}`,
      region: this.region,
      ...(this.key && { keyArn: this.key.keyArn }),
    });
  }

  #key(): Key {
    return new Key(this, 'key', {
      alias: `${this.plan.names.prefix}-data`,
      description: `${this.plan.names.prefix}: objects in S3`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  #bucket(alias: BucketAlias, { days, versioned, uploads }: Keeping): void {
    const { names } = this.plan;
    const bucket = new s3.Bucket(this, alias, {
      bucketName: names.bucket(alias),
      ...SHUT,
      ...(this.key
        ? { encryption: s3.BucketEncryption.KMS, encryptionKey: this.key, bucketKeyEnabled: true }
        : { encryption: s3.BucketEncryption.S3_MANAGED }),
      versioned,
      lifecycleRules: [
        {
          id: 'age-out',
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          ...(days !== undefined && { expiration: Duration.days(days) }),
          ...(versioned && { noncurrentVersionExpiration: UNDO }),
        },
      ],
      ...(uploads && {
        cors: [
          {
            allowedOrigins: [`https://${names.hosts.web}`],
            // The page plays what it fetches.
            allowedMethods: [s3.HttpMethods.GET, s3.HttpMethods.HEAD, s3.HttpMethods.PUT],
            allowedHeaders: ['content-type', 'if-none-match', 'range', 'x-amz-*'],
            exposedHeaders: ['ETag'],
            maxAge: 3000,
          },
        ],
      }),
      ...(this.logs && { serverAccessLogsBucket: this.logs, serverAccessLogsPrefix: `s3/${alias}/` }),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    if (this.logs === undefined) {
      acknowledge(
        bucket,
        'S1',
        `${names.bucket(alias)}: entrances.http.accessLogDays is 0, no access log is kept`,
      );
    }
  }

  /** Load balancers write with keys of S3 only. */
  #logs(): s3.Bucket {
    const { names, config } = this.plan;
    const logs = new s3.Bucket(this, 'logs', {
      bucketName: names.bucket('logs'),
      ...SHUT,
      encryption: s3.BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ id: 'age-out', expiration: Duration.days(config.entrances.http.accessLogDays) }],
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    logs.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [logs.arnForObjects(`alb/AWSLogs/${Aws.ACCOUNT_ID}/*`)],
        conditions: {
          ArnLike: {
            'aws:SourceArn': this.formatArn({
              service: 'elasticloadbalancing',
              resource: 'loadbalancer',
              resourceName: '*',
            }),
          },
        },
      }),
    );
    acknowledge(
      logs,
      'S1',
      `${names.bucket('logs')}: it holds the access logs; its own would go round in circles`,
    );
    return logs;
  }
}

/** No public access, TLS 1.2 or newer only, and no object that belongs to another account. */
const SHUT = {
  blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
  objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
} as const;

function keepingOf({ storage, pulsar }: Config): [BucketAlias, Keeping][] {
  return [
    ['audio', { days: storage.audioDays, versioned: false, uploads: true }],
    ['images', { days: storage.imageDays, versioned: false, uploads: true }],
    ['results', { days: storage.resultDays, versioned: true, uploads: false }],
    ...(pulsar.tieredStorage.kind === 's3'
      ? [['ledgers', { versioned: true, uploads: false }] as [BucketAlias, Keeping]]
      : []),
  ];
}

function usesOnlyBuckets({ pod, grants }: AwsAccess): boolean {
  return pod !== undefined && grants.every(({ to }) => to === 'bucket');
}
