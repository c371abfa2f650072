import { IMAGE_TYPES, MAX_IMAGE_BYTES } from '../../api/limits.js';
import { me } from '../net/session.js';
import { store } from './kept.js';
import { notify } from './notices.js';

/** Puts pictures beside the composer, from where they are sent; says why it does not take the others. */
export async function attach(thread: string, files: Iterable<File>): Promise<void> {
  for (const file of files) {
    const reason = refusalOf(file);
    if (reason) {
      notify(reason, true);
      continue;
    }
    await store({
      key: crypto.randomUUID(),
      user: me.value ?? '',
      thread,
      kind: 'image',
      createdAt: new Date().toISOString(),
      // The file itself may change or go away before it is sent.
      blob: new Blob([await file.arrayBuffer()], { type: file.type }),
      contentType: file.type,
      sent: false,
    });
  }
}

function refusalOf({ type, size, name }: File): string | undefined {
  const called = name ? `“${name}”` : 'That';
  if (!(IMAGE_TYPES as readonly string[]).includes(type))
    return `${called} is no JPEG, PNG, WebP, GIF or AVIF.`;
  if (size === 0) return `${called} is empty.`;
  if (size > MAX_IMAGE_BYTES) return `${called} has more than ${MAX_IMAGE_BYTES / 1024 / 1024} MB.`;
  return undefined;
}
