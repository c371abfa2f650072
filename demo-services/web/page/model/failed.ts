import type { Entry } from '../../api/entries.js';
import { complain } from './notices.js';
import { sendOff } from './outbox.js';
import { blobOf } from './sounds.js';

/** Sends the same bytes once more, in place of a message of one's own that has failed. */
export async function sendAgain({ id, thread, author, kind = 'audio', media }: Entry): Promise<void> {
  try {
    const blob = await blobOf(thread, id);
    await sendOff({
      key: crypto.randomUUID(),
      user: author,
      thread,
      kind,
      createdAt: new Date().toISOString(),
      blob,
      contentType: media?.contentType ?? blob.type,
      replaces: id,
      sent: true,
    });
  } catch (error) {
    complain(error);
  }
}
