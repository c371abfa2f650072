import { signal } from '@preact/signals';
import { routes } from '../../api/routes.js';
import { type Speech, type Streamed, speak } from '../net/speech.js';
import type { Bytes } from '../net/store.js';

/** What is understood of the recording that is being made; undefined where there are no captions. */
export const caption = signal<string | undefined>(undefined);

/**
 * What was streamed is what is stored: its bytes have reached the front door already, and to send them once more by a
 * presigned PUT would double the way up, just where it is slow. Only when the front door names the very bytes that the
 * page holds, by size and sha256; in every other case, offline or broken, the recording is uploaded as pictures are.
 */
const streamed = new Map<string, Promise<Streamed | undefined>>();

/** Captions for a recording, where they can be had. */
export function captionsFor(thread: string, contentType: string): Speech | undefined {
  if (typeof WebSocket === 'undefined' || !navigator.onLine) return undefined;
  const socket = new WebSocket(`wss://${location.host}${routes.stream}?thread=${encodeURIComponent(thread)}`);
  caption.value = '';
  return speak(socket, contentType, text => {
    caption.value = text;
  });
}

/** All of it was said. */
export function finishCaptions(key: string, speech: Speech): void {
  streamed.set(key, speech.finish());
}

/** @returns the upload that holds exactly these bytes already; asked once, since a message that it failed tries another */
export async function streamedUpload(key: string, { size, sha256 }: Bytes): Promise<string | undefined> {
  const stored = await streamed.get(key);
  streamed.delete(key);
  return stored?.size === size && stored.sha256 === sha256 ? stored.upload : undefined;
}
