import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ulid } from 'ulid';
import { decode, encode, objectKeyOf, resultMessage } from '../../../demo-services/contract/index.js';
import { ServiceError } from '../../../demo-services/errors.js';
import { httpsAgent } from '../../../demo-services/runtime/trust.js';
import { s3 } from '../../../demo-services/storage/index.js';
import { packageRoot } from '../../local/compiled.js';
import type { Endpoint, Plan } from '../../plan/index.js';
import type { Outcome } from './probes.js';
import { connectAs, type Door } from './round-trip.js';
import type { StoreAccess, Subject } from './subject.js';

const RECORDING = 'platform/actions/verify/good-morning-everyone.ogg';
const SAID = 'good morning everyone';
const TYPE = 'audio/ogg;codecs=opus';
const TRANSCRIPT_MS = 60_000;
const THREAD = 'platform-verify';

/** Speaks as a user would: audio into the store, its message on the topic, and its transcript among the results. */
export function trySpoken(role: string, endpoint: Endpoint, subject: Subject): Promise<Outcome> {
  return subject.way(endpoint)(address => speak(role, { endpoint, address }, subject));
}

async function speak(role: string, door: Door, subject: Subject): Promise<Outcome> {
  const { store, plan } = subject;
  if (store === undefined) return { outcome: 'undecided', saw: 'no object store is reached' };
  const client = await connectAs(role, door, subject);
  const objects = s3({ ...store, agent: httpsAgent(store.trustFile) });
  const id = ulid();
  const thread = THREAD;
  const key = objectKeyOf({ thread, id });
  const bucket = objects.bucket(audioOf(plan, store));
  try {
    const bytes = await readFile(path.join(packageRoot(), RECORDING));
    const results = await client.reader({ topic: topicOf(plan, 'results'), start: 'latest' });
    const began = performance.now();
    await bucket.put(key, bytes, { contentType: TYPE });
    const producer = await client.producer({ topic: topicOf(plan, 'audio') });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const object = { key, contentType: TYPE, size: bytes.byteLength, sha256 };
    const createdAt = new Date().toISOString();
    const message = { v: 1, kind: 'audio', id, thread, author: 'platform', createdAt, object } as const;
    await producer.send({ data: encode(message), key: thread });
    const timer = setTimeout(() => void results.close(), TRANSCRIPT_MS);
    for await (const { data } of results) {
      const decoded = decode(resultMessage, data);
      if (!decoded.ok || decoded.message.id !== id) continue;
      clearTimeout(timer);
      return judged(decoded.message, performance.now() - began);
    }
    return { outcome: 'refused', saw: `no transcript in ${TRANSCRIPT_MS / 1000} s` };
  } finally {
    await bucket.delete(key);
    await client.close();
    objects.close();
  }
}

/**
 * Puts an empty recording into the bucket, as web does, and takes it out again.
 *
 * @returns why that is not possible: credentials, bucket, network; undefined when it is
 */
export async function whyNoRecording(plan: Plan, store: StoreAccess): Promise<string | undefined> {
  const objects = s3({ ...store, agent: httpsAgent(store.trustFile), attempts: 1 });
  const bucket = objects.bucket(audioOf(plan, store));
  const key = objectKeyOf({ thread: THREAD, id: ulid() });
  try {
    await bucket.put(key, Buffer.alloc(0), { contentType: TYPE });
    await bucket.delete(key);
    return undefined;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const { message, saw } = error;
    return `no recording can be put into ${audioOf(plan, store)} from here: ${[message, saw].filter(Boolean).join(', ')}`;
  } finally {
    objects.close();
  }
}

function audioOf(plan: Plan, { audio = bucketOf(plan, 'audio') }: StoreAccess): string {
  return audio;
}

function judged(
  result: { readonly kind: string; readonly text?: string; readonly reason?: string },
  ms: number,
): Outcome {
  if (result.kind === 'transcript' && result.text === SAID)
    return { outcome: 'accepted', saw: `"${result.text}" in ${(ms / 1000).toFixed(1)} s` };
  return { outcome: 'refused', saw: result.text ?? result.reason ?? result.kind };
}

function topicOf({ topics }: Plan, alias: string): string {
  return topics.find(topic => topic.alias === alias)?.name ?? alias;
}

function bucketOf({ buckets }: Plan, alias: string): string {
  return buckets.find(bucket => bucket.alias === alias)?.name ?? alias;
}
