import { effect, signal, untracked } from '@preact/signals';
import { IDEMPOTENCY_HEADER } from '../../api/limits.js';
import { routes } from '../../api/routes.js';
import type { Accepted, Upload } from '../../api/sending.js';
import { ask, tell } from '../net/ask.js';
import { Refused } from '../net/http.js';
import { me } from '../net/session.js';
import { holding, type Kept, keptOf, onChanged, whenFree } from '../net/shelf.js';
import { type Bytes, put, sha256Of } from '../net/store.js';
import { newTraceparent } from '../net/trace.js';
import { type Outgoing, type OutgoingEvent, outgoing } from '../state/outgoing.js';
import { streamedUpload } from './captions.js';
import { current, discard, kept, store } from './kept.js';
import { notify } from './notices.js';
import { remember } from './sounds.js';
import { heardOf } from './threads.js';
import { place } from './timelines.js';

/** What its author has sent off and the front door has not taken yet. */
export const outbox = signal<readonly Outgoing[]>([]);
/** How much of each is uploaded, 0 to 1. */
export const progress = signal<Readonly<Record<string, number>>>({});
/** Whether the network seems to be there. */
export const isOnline = signal(navigator.onLine);

const RETRY_MS = 3_000;
/** Something was accepted under the key that was not this. */
const CONFLICT = 'IdempotencyConflict';
const TAKEN = 'something else was sent in its place. Look whether it is there before you send it anew';
let working = false;
let retry: ReturnType<typeof setTimeout> | undefined;

addEventListener('online', () => network(true));
addEventListener('offline', () => network(false));

function network(there: boolean): void {
  clearTimeout(retry);
  isOnline.value = there;
  change({ type: there ? 'online' : 'offline' });
}

function change(event: OutgoingEvent): void {
  outbox.value = outgoing(outbox.value, event);
}

/** What another page of the same person has left, or is about to leave. */
export async function restore(user: string): Promise<void> {
  onChanged(key => void follow(key));
  for (const { key } of await keptOf(user).catch(() => [])) void follow(key);
}

const followed = new Set<string>();

/** Shows what another tab has made of it, as soon as that one neither records nor sends it. */
async function follow(key: string): Promise<void> {
  if (followed.has(key)) return;
  followed.add(key);
  await whenFree(key, async () => {
    followed.delete(key);
    const item = await current(key);
    if (item === undefined) change({ type: 'discarded', key });
    else if (item.sent) enter(item);
  });
}

/** Off it goes, or it waits for the network. */
export async function sendOff(item: Kept): Promise<void> {
  const isNew = !kept.value.some(({ key }) => key === item.key);
  const stored = holding(item.key, async () => {
    if (isNew || (await current(item.key))) return store({ ...item, sent: true });
    change({ type: 'discarded', key: item.key });
    notify('It was sent or discarded in another tab already.');
  });
  enter(item);
  await stored;
}

/** Under the same key, so that none is sent twice: unless something else was sent under it already. */
export async function tryAgain(key: string): Promise<void> {
  const refused = outbox.value.find(one => one.key === key);
  if (refused?.code !== CONFLICT) return change({ type: 'retried', key, online: isOnline.value });
  await holding(key, async () => {
    const item = await current(key);
    change({ type: 'discarded', key });
    if (item === undefined) return;
    const { upload: _, ...anew } = { ...item, key: crypto.randomUUID() };
    await store(anew);
    await discard(key);
    enter(anew);
  });
}

export async function throwAway(key: string): Promise<void> {
  change({ type: 'discarded', key });
  await holding(key, () => discard(key));
}

function enter({ key, thread, kind, createdAt, replaces }: Kept): void {
  const message = { key, thread, kind, createdAt, ...(replaces && { replaces }) };
  change({ type: 'recorded', message, online: isOnline.value });
}

// One after the other, so that they come in the order in which they were said.
effect(() => {
  const next = outbox.value.find(({ state }) => state === 'sending');
  if (next && !working) untracked(() => void work(next.key));
});

async function work(key: string): Promise<void> {
  working = true;
  try {
    await holding(key, async () => {
      const item = await current(key);
      if (item === undefined) change({ type: 'discarded', key });
      else await submit(item);
    });
  } catch (error) {
    failed(key, error);
  } finally {
    working = false;
    outbox.value = [...outbox.value];
  }
}

/** A refusal is for its author to read; what has no answer, or is busy, is tried again under the same key. */
function failed(key: string, error: unknown): void {
  if (error instanceof Refused && error.status < 500 && error.status !== 429 && error.status !== 401) {
    const { code, message } = error;
    change({ type: 'refused', key, code, reason: code === CONFLICT ? TAKEN : message });
    return;
  }
  const wait = error instanceof Refused ? error.retryAfterMs : undefined;
  change({ type: 'offline' });
  clearTimeout(retry);
  retry = setTimeout(() => me.value && isOnline.value && change({ type: 'online' }), wait ?? RETRY_MS);
}

async function submit(item: Kept): Promise<void> {
  const uploaded = item.upload ? item : await upload(item);
  const { id } = await post(uploaded).catch(async error => {
    // An upload of an earlier day may be gone: nothing was accepted under the key, so another may be named.
    if (!(error instanceof Refused && error.code === 'UploadMissing')) throw error;
    return post(await upload(item));
  });
  const { key, thread, kind, createdAt, replaces, contentType, blob } = uploaded;
  const author = me.value ?? uploaded.user;
  const media = { contentType, size: blob.size };
  const entry = {
    id,
    thread,
    author,
    createdAt,
    kind,
    media,
    pending: true,
    ...(replaces && { replaces }),
  } as const;
  remember(id, uploaded);
  place(entry);
  heardOf(entry);
  change({ type: 'accepted', key });
  const { [key]: _, ...others } = progress.value;
  progress.value = others;
  await discard(key);
}

/** Which upload the bytes are is written down before the message names it. */
async function upload(item: Kept): Promise<Kept> {
  progress.value = { ...progress.value, [item.key]: 0 };
  const about = { size: item.blob.size, sha256: await sha256Of(item.blob) };
  const upload = (await streamedUpload(item.key, about)) ?? (await putToStore(item, about));
  const uploaded = { ...item, sent: true, upload };
  await store(uploaded);
  return uploaded;
}

/** Bytes go to the store itself. @returns the upload */
async function putToStore({ key, thread, kind, blob, contentType }: Kept, about: Bytes): Promise<string> {
  const form = await tell<Upload>(routes.uploads(thread), { kind, contentType, ...about });
  await put(form, blob, part => {
    progress.value = { ...progress.value, [key]: part };
  });
  return form.upload;
}

function post({ key, thread, upload: named, createdAt, replaces }: Kept): Promise<Accepted> {
  return ask<Accepted>(routes.messages(thread), {
    method: 'POST',
    headers: { [IDEMPOTENCY_HEADER]: key, traceparent: newTraceparent() },
    body: { upload: named, createdAt, ...(replaces && { replaces }) },
  });
}
