import { createHash } from 'node:crypto';
import { ServiceError } from '../../errors.js';
import type { JsonApi } from '../../runtime/json-api.js';
import type { Log } from '../../runtime/log.js';
import {
  STREAM_IDLE_SECONDS,
  STREAM_MAX_BYTES,
  STREAM_MAX_SECONDS,
  STREAM_WINDOW_BYTES,
  streamQuery,
} from '../api/index.js';
import type { Guard } from '../guard.js';
import type { Parts } from '../parts.js';
import { lineOf } from '../streaming/line.js';
import { takeSpeech } from '../streaming/take-speech.js';
import { roomOf } from '../streaming/tape.js';
import { addUpload } from '../uploads.js';
import { webSocket } from './answers.js';

const LIMITS = {
  bytes: STREAM_MAX_BYTES,
  seconds: STREAM_MAX_SECONDS,
  idleSeconds: STREAM_IDLE_SECONDS,
  windowBytes: STREAM_WINDOW_BYTES,
  captionEveryMs: 1_500,
};
const MAX_STREAMS = 32;
const MAX_STREAMS_EACH = 2;
/**
 * Recordings are in memory until they are stored, and once more while they are captioned: both fit into the memory that
 * the plan gives. Most are far below their own limit.
 */
const MAX_HELD_BYTES = 64 * 1024 * 1024;

/** wss /stream: captions while somebody speaks. */
export function streamRoute(api: JsonApi, guard: Guard, parts: () => Parts, log: Log): void {
  const speaking: string[] = [];
  const room = roomOf(MAX_HELD_BYTES);
  const mustHaveRoom = (user: string) => {
    const mine = speaking.filter(name => name === user).length;
    if (mine < MAX_STREAMS_EACH && speaking.length < MAX_STREAMS) return;
    throw new ServiceError('TooManyRequests', 'too many speak at once', { retryAfterMs: 10_000 });
  };
  api.get(
    '/stream',
    {
      websocket: true,
      onRequest: guard.signedIn,
      preHandler: [guard.member, async ({ access: { user } }) => mustHaveRoom(user)],
      schema: { querystring: streamQuery, response: { 101: webSocket } },
    },
    async (socket, { access: { user, family, expiresAt }, query }) => {
      const { thread } = query as { thread: string };
      const { db, buckets, captions, membership, sessions } = parts();
      try {
        // Of many that come at once, some were let in before the others counted.
        mustHaveRoom(user);
      } catch (error) {
        lineOf(socket, log).fail(error);
        return;
      }
      const signedOut = new AbortController();
      const unwatch = sessions.watch(family, () => signedOut.abort());
      // It may have ended before it was watched.
      void sessions.isOpen(family).then(
        open => open || signedOut.abort(),
        // Whoever can't be asked about ends with their access.
        () => undefined,
      );
      speaking.push(user);
      const spoken = takeSpeech(socket, {
        limits: LIMITS,
        room,
        listen: captions.begin(),
        isMember: () => membership.isMember(thread, user),
        expiresAt,
        signedOut: signedOut.signal,
        log,
        store: async (recording, contentType) => {
          const sha256 = createHash('sha256').update(recording).digest('hex');
          const about = { contentType, size: recording.byteLength, sha256 };
          const { id, object } = await addUpload(db, { thread, author: user, kind: 'audio', ...about });
          await buckets.audio.put(object.key, recording, { contentType });
          return { upload: id, size: about.size, sha256 };
        },
      });
      await spoken.finally(() => {
        unwatch();
        speaking.splice(speaking.indexOf(user), 1);
      });
    },
  );
}
