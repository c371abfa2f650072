import { Agent } from 'node:https';
import { CreateBucketCommand, S3Client, type S3ServiceException } from '@aws-sdk/client-s3';
import { PlatformError } from '../errors.js';

export interface BucketStoreProps {
  readonly endpoint: string;
  readonly region: string;
  /** PEM of the roots that are trusted. */
  readonly ca: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Makes the buckets that are missing; those that are there stay as they are. */
export async function makeBuckets(names: readonly string[], props: BucketStoreProps): Promise<void> {
  const { endpoint, region, ca, accessKeyId, secretAccessKey } = props;
  const httpsAgent = new Agent({ ca, keepAlive: true });
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    requestHandler: { httpsAgent, connectionTimeout: 5_000, requestTimeout: 10_000 },
  });
  try {
    await Promise.all(names.map(name => makeBucket(client, name, endpoint)));
  } finally {
    client.destroy();
    httpsAgent.destroy();
  }
}

async function makeBucket(client: S3Client, name: string, endpoint: string): Promise<void> {
  try {
    await client.send(new CreateBucketCommand({ Bucket: name }));
  } catch (error) {
    const cause = error as S3ServiceException;
    if (cause.name === 'BucketAlreadyOwnedByYou' || cause.name === 'BucketAlreadyExists') return;
    throw new PlatformError('StoreUnreachable', `bucket ${name} could not be made`, {
      where: endpoint,
      saw: `${cause.name}: ${cause.message}`,
      cause,
    });
  }
}
