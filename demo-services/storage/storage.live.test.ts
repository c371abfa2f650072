import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { get, request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpsAgent } from '../runtime/trust.js';
import { sharedStore, strangersRoot, temporaryFile } from '../testing/parts.js';
import { type Bucket, fetchObject, type ObjectStore, s3 } from './index.js';

const part = sharedStore();
const bucketName = part.buckets['audio'] ?? '';
const otherRoot = await strangersRoot();
const wav = { contentType: 'audio/wav' };
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const freshKey = () => `test/${randomUUID()}`;
const open = (more: { endpoint?: string; trustFile?: string } = {}): ObjectStore =>
  s3({
    region: part.region,
    endpoint: more.endpoint ?? part.endpoint,
    agent: httpsAgent(more.trustFile ?? part.trust),
    attempts: 1,
  });

/** What a browser would do with a presigned URL. */
function upload(url: string, headers: Readonly<Record<string, string>>, body: Uint8Array) {
  return new Promise<number>((resolve, reject) => {
    const outgoing = request(url, { method: 'PUT', headers, agent: httpsAgent(part.trust) }, answer => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function download(url: string) {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    get(url, { agent: httpsAgent(part.trust) }, async answer => {
      resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(await answer.toArray()).toString() });
    }).on('error', reject);
  });
}

async function read(bucket: Bucket, key: string, maxBytes = 1e8) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await bucket.get(key, { maxBytes })).body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a bucket of the object store', () => {
  let store: ObjectStore;
  let bucket: Bucket;
  beforeAll(() => {
    store = open();
    bucket = store.bucket(bucketName);
  });
  afterAll(() => store.close());

  it('gives back what was put, with its type and metadata', async () => {
    const [key, bytes] = [freshKey(), randomBytes(100_000)];
    await bucket.put(key, bytes, { ...wav, metadata: { trace: 'abc' } });
    expect(await read(bucket, key)).toEqual(bytes);
    expect(await bucket.head(key)).toEqual({
      size: 100_000,
      contentType: 'audio/wav',
      metadata: { trace: 'abc' },
    });
  });

  it('keeps an empty object', async () => {
    const key = freshKey();
    await bucket.put(key, Buffer.alloc(0), wav);
    expect(await read(bucket, key)).toHaveLength(0);
  });

  it('lets one of twenty racing conditional puts win, and tells the others', async () => {
    const key = freshKey();
    const puts = Array.from({ length: 20 }, (_, i) =>
      bucket.put(key, Buffer.from(`${i}`), { ...wav, ifAbsent: true }).then(
        () => i,
        error => error.code,
      ),
    );
    const outcomes = await Promise.all(puts);
    const winners = outcomes.filter(outcome => typeof outcome === 'number');
    expect(winners).toHaveLength(1);
    expect(outcomes.filter(outcome => outcome === 'ObjectExists')).toHaveLength(19);
    expect((await read(bucket, key)).toString()).toBe(String(winners[0]));
  });

  it('says that an object is not there', async () => {
    await expect(bucket.get(freshKey(), { maxBytes: 1 })).rejects.toMatchObject({ code: 'ObjectNotFound' });
    expect(await bucket.head(freshKey())).toBeUndefined();
    await bucket.delete(freshKey());
  });

  it('removes an object', async () => {
    const key = freshKey();
    await bucket.put(key, Buffer.from('x'), wav);
    await bucket.delete(key);
    expect(await bucket.head(key)).toBeUndefined();
  });

  it('refuses to read more than it may', async () => {
    const key = freshKey();
    await bucket.put(key, Buffer.alloc(10_001), wav);
    await expect(bucket.get(key, { maxBytes: 10_000 })).rejects.toMatchObject({
      code: 'ObjectTooLarge',
      saw: '10001 bytes',
    });
  });

  it('takes a presigned upload of exactly the signed bytes, size and type', async () => {
    const bytes = randomBytes(2_000);
    const signed = { ...wav, size: bytes.length, sha256: sha256(bytes), expiresSeconds: 60 };
    const key = freshKey();
    const { url, headers } = await bucket.presignPut(key, signed);
    const change = (name: string, value: string) => ({ ...headers, [name]: value });

    expect(await upload(url, change('content-type', 'text/html'), bytes)).toBe(403);
    expect(await upload(url, change('content-length', '1999'), bytes.subarray(1))).toBe(403);
    const otherSum = createHash('sha256').update('other').digest('base64');
    expect(await upload(url, change('x-amz-checksum-sha256', otherSum), bytes)).toBe(403);
    expect(await upload(url, headers, randomBytes(2_000))).toBe(400);
    expect(await bucket.head(key)).toBeUndefined();

    expect(await upload(url, headers, bytes)).toBe(200);
    expect(await read(bucket, key)).toEqual(bytes);
  });

  it('gives a URL for a download', async () => {
    const key = freshKey();
    await bucket.put(key, Buffer.from('hello'), wav);
    const url = await bucket.presignGet(key, { expiresSeconds: 60 });
    expect(await download(url)).toEqual({ status: 200, text: 'hello' });
    expect((await download(url.replace('Expires=60', 'Expires=61'))).status).toBe(403);
  });

  it('ends a call when its signal does', async () => {
    const signal = AbortSignal.abort(new Error('stopping'));
    await expect(bucket.get(freshKey(), { maxBytes: 1, signal })).rejects.toThrow('stopping');
  });

  it('tells an unknown bucket', async () => {
    await expect(store.bucket('nowhere').put('x', Buffer.from('x'), wav)).rejects.toMatchObject({
      code: 'BucketNotFound',
    });
  });

  it.each([
    ['of another authority', { trustFile: otherRoot }, /SELF_SIGNED|UNABLE_TO/],
    [
      'under a name that is not in its certificate',
      { endpoint: part.endpoint.replace('localhost', '127.0.0.1') },
      /ALTNAME/,
    ],
    ['that nobody listens on', { endpoint: 'https://localhost:1' }, /ECONNREFUSED/],
  ])('does not talk to a store %s', async (_, how, saw) => {
    const other = open(how);
    await expect(other.bucket(bucketName).head('x')).rejects.toMatchObject({
      code: 'StoreUnavailable',
      saw: expect.stringMatching(saw),
    });
    other.close();
  });

  it('tells refused credentials', async () => {
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = await temporaryFile(
      '[default]\naws_access_key_id = other\naws_secret_access_key = other\n',
    );
    const other = open();
    await expect(other.bucket(bucketName).put('x', Buffer.from('x'), wav)).rejects.toMatchObject({
      code: 'StoreAccessDenied',
    });
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = part.credentials;
    other.close();
  });
});

describe('an object that a message claims', () => {
  let store: ObjectStore;
  let bucket: Bucket;
  const bytes = randomBytes(300_000);
  const claim = { key: freshKey(), size: bytes.length, sha256: sha256(bytes) };
  const limit = { maxBytes: 1_000_000 };
  beforeAll(async () => {
    store = open();
    bucket = store.bucket(bucketName);
    await bucket.put(claim.key, bytes, wav);
  });
  afterAll(() => store.close());

  it('is fetched when it is what the message says', async () => {
    expect(await fetchObject(bucket, claim, limit)).toEqual(bytes);
  });

  it.each([
    ['another size', { size: 299_999 }, 'ObjectCorrupt'],
    ['another sha256', { sha256: '0'.repeat(64) }, 'ObjectCorrupt'],
    [
      'a size beyond the limit, without asking the store',
      { size: 100_000_000, key: freshKey() },
      'ObjectTooLarge',
    ],
    ['a key that is not there', { key: freshKey() }, 'ObjectNotFound'],
  ])('is refused when the message claims %s', async (_, lie, code) => {
    await expect(fetchObject(bucket, { ...claim, ...lie }, limit)).rejects.toMatchObject({ code });
  });

  it('is refused when it is larger than both the message and the limit say', async () => {
    const small = { ...claim, size: 10 };
    await expect(fetchObject(bucket, small, { maxBytes: 1000 })).rejects.toMatchObject({
      code: 'ObjectTooLarge',
    });
  });
});
