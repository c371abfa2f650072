import { createHash } from 'node:crypto';
import type { Agent } from 'node:https';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { fromIni } from '@aws-sdk/credential-provider-ini';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { ServiceError } from '../errors.js';
import type { Abortable, Bucket, ObjectInfo, Upload } from './port.js';
import { storeError } from './s3-errors.js';

export interface S3Options {
  readonly region: string;
  /** @default - AWS' own endpoint of the region */
  readonly endpoint?: string;
  /** Opens the connections: it decides whom to trust. */
  readonly agent: Agent;
  /** AWS shared credentials file, profile `default`. @default - the SDK's own chain */
  readonly credentialsFile?: string;
  /** Attempts of one call before its error counts. @default 3 */
  readonly attempts?: number;
}

export interface ObjectStore {
  bucket(name: string): Bucket;
  close(): void;
}

/** How long a connection may take, and how long a server may stay silent. */
const CONNECT_MS = 3_000;
const SILENCE_MS = 15_000;

/** S3, or what speaks its protocol. Credentials come from the SDK's own chain: Pod Identity, or a shared file. */
export function s3(options: S3Options): ObjectStore {
  const client = new S3Client({
    region: options.region,
    maxAttempts: options.attempts ?? 3,
    ...(options.endpoint !== undefined && { endpoint: options.endpoint, forcePathStyle: true }),
    ...(options.credentialsFile !== undefined && {
      credentials: fromIni({ filepath: options.credentialsFile, profile: 'default' }),
    }),
    requestHandler: {
      httpsAgent: options.agent,
      connectionTimeout: CONNECT_MS,
      requestTimeout: SILENCE_MS,
      throwOnRequestTimeout: true,
    },
    // Presigned uploads and every put carry their sha256; a second checksum would be work for nothing.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    bucket: name => s3Bucket(client, name),
    close: () => {
      client.destroy();
      options.agent.destroy();
    },
  };
}

function s3Bucket(client: S3Client, bucket: string): Bucket {
  const coded = async <T>(call: Promise<T>, { signal }: Abortable = {}): Promise<T> => {
    try {
      return await call;
    } catch (cause) {
      signal?.throwIfAborted();
      throw storeError(cause, bucket);
    }
  };
  const aborting = ({ signal }: Abortable = {}) => (signal ? { abortSignal: signal } : {});

  return {
    put: async (key, body, options) => {
      const put = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentLength: body.byteLength,
        ContentType: options.contentType,
        ChecksumSHA256: createHash('sha256').update(body).digest('base64'),
        ...(options.ifAbsent && { IfNoneMatch: '*' }),
        ...(options.metadata && { Metadata: { ...options.metadata } }),
      });
      await coded(client.send(put, aborting(options)), options);
    },

    get: async (key, options) => {
      const found = await coded(
        client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), aborting(options)),
        options,
      );
      const { Body: body } = found;
      if (body === undefined) throw new ServiceError('StoreUnavailable', 'the object came without a body');
      const stream = body as AsyncIterable<Uint8Array> & { destroy(): void };
      if ((found.ContentLength ?? 0) > options.maxBytes) {
        stream.destroy();
        throw tooLarge(found.ContentLength ?? 0, options.maxBytes);
      }
      return { ...infoOf(found), body: limited(stream, bucket, options) };
    },

    head: async (key, options) => {
      try {
        const head = new HeadObjectCommand({ Bucket: bucket, Key: key });
        return infoOf(await coded(client.send(head, aborting(options)), options));
      } catch (error) {
        if (error instanceof ServiceError && error.code === 'ObjectNotFound') return undefined;
        throw error;
      }
    },

    presignPut: async (key, { contentType, size, sha256, expiresSeconds }: Upload) => {
      const checksum = Buffer.from(sha256, 'hex').toString('base64');
      const put = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        ContentLength: size,
        ContentType: contentType,
        ChecksumSHA256: checksum,
      });
      const signed = ['content-length', 'content-type', 'x-amz-checksum-sha256'];
      const url = await coded(
        getSignedUrl(client, put, {
          expiresIn: expiresSeconds,
          signableHeaders: new Set(signed),
          unhoistableHeaders: new Set(signed),
        }),
      );
      return {
        url,
        headers: {
          'content-length': String(size),
          'content-type': contentType,
          'x-amz-checksum-sha256': checksum,
        },
      };
    },

    presignGet: (key, { expiresSeconds }) =>
      coded(
        getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), {
          expiresIn: expiresSeconds,
        }),
      ),

    delete: async (key, options) => {
      const remove = new DeleteObjectCommand({ Bucket: bucket, Key: key });
      await coded(client.send(remove, aborting(options)), options);
    },
  };
}

function infoOf(found: {
  ContentLength?: number | undefined;
  ContentType?: string | undefined;
  Metadata?: Record<string, string> | undefined;
}): ObjectInfo {
  return {
    size: found.ContentLength ?? 0,
    contentType: found.ContentType,
    metadata: found.Metadata ?? {},
  };
}

/** Ends as soon as more comes than was promised. */
async function* limited(
  body: AsyncIterable<Uint8Array> & { destroy(): void },
  bucket: string,
  { maxBytes, signal }: Abortable & { readonly maxBytes: number },
): AsyncGenerator<Uint8Array> {
  let read = 0;
  try {
    for await (const chunk of body) {
      read += chunk.byteLength;
      if (read > maxBytes) throw tooLarge(read, maxBytes);
      yield chunk;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw storeError(cause, bucket);
  } finally {
    body.destroy();
  }
}

function tooLarge(bytes: number, maxBytes: number): ServiceError {
  return new ServiceError('ObjectTooLarge', 'the object is too large', {
    saw: `${bytes} bytes`,
    want: `at most ${maxBytes}`,
  });
}
