import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket as Client, WebSocketServer } from 'ws';
import { logTo } from '../../../runtime/log.js';
import { STREAM_WINDOW_BYTES } from '../../api/limits.js';
import { type SpeechProps, takeSpeech } from '../../streaming/take-speech.js';
import { speak } from './speech.js';

const LIMITS = {
  bytes: 8_000_000,
  seconds: 60,
  idleSeconds: 60,
  windowBytes: STREAM_WINDOW_BYTES,
  captionEveryMs: 5,
};
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** What the page runs, over a connection to what the front door runs. */
async function speaking(changes: Partial<SpeechProps> = {}) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  closing.push(() => server.close());
  const stored: Buffer[] = [];
  server.on('connection', socket => {
    closing.push(() => socket.terminate());
    void takeSpeech(socket, {
      limits: LIMITS,
      listen: async recording => ({ text: `${recording.byteLength} bytes`, seconds: 1 }),
      store: async recording => {
        stored.push(recording);
        return { upload: '01HZZZZZZZZZZZZZZZZZZZZZZ1', size: recording.byteLength, sha256: 'ab'.repeat(32) };
      },
      isMember: async () => true,
      expiresAt: Date.now() + 600_000,
      log: logTo('test', 'silent'),
      ...changes,
    });
  });
  await once(server, 'listening');
  const socket = new Client(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const understood: (string | undefined)[] = [];
  const speech = speak(socket as unknown as WebSocket, 'audio/webm;codecs=opus', text =>
    understood.push(text),
  );
  return { speech, socket, server, stored, understood };
}

const chunk = (size: number, value: number) => new Blob([Buffer.alloc(size, value)]);
/** As much as a line or an engine would not take at once. */
const MANY = Array.from({ length: 60 }, (_, i) => ({ size: 50_000, value: i }));
const WHOLE = Buffer.concat(MANY.map(({ size, value }) => Buffer.alloc(size, value)));

describe('the speech that a page streams', () => {
  it('is captioned while it is made, and is stored as it is, also what was said before the line was open', async () => {
    const { speech, stored, understood } = await speaking();
    speech.take(chunk(1_000, 1));
    speech.take(chunk(1_000, 2));
    await vi.waitFor(() => expect(understood.at(-1)).toBe('2000 bytes'));
    speech.take(chunk(500, 3));
    expect(await speech.finish()).toMatchObject({ upload: '01HZZZZZZZZZZZZZZZZZZZZZZ1', size: 2_500 });
    expect(stored).toEqual([
      Buffer.concat([Buffer.alloc(1_000, 1), Buffer.alloc(1_000, 2), Buffer.alloc(500, 3)]),
    ]);
    expect(understood.at(-1)).toBeUndefined();
  });

  it('has no hole though the engine is behind: captions come later', async () => {
    const { speech, socket, stored, understood } = await speaking({
      listen: recording =>
        new Promise(resolve => {
          setTimeout(() => resolve({ text: `${recording.byteLength} bytes`, seconds: 1 }), 200);
        }),
    });
    await once(socket, 'open');
    let most = 0;
    for (const { size, value } of MANY) {
      speech.take(chunk(size, value));
      most = Math.max(most, socket.bufferedAmount);
    }
    expect(await speech.finish()).toMatchObject({ size: WHOLE.byteLength });
    expect(stored[0]?.equals(WHOLE)).toBe(true);
    expect(most).toBeLessThan(200_000);
    expect(understood.length).toBeGreaterThan(1);
  });

  it.each<[string, Partial<SpeechProps>]>([
    ['the store fails', { store: () => Promise.reject(new Error('away')) }],
    ['it is too large', { limits: { ...LIMITS, bytes: 1_500 } }],
  ])('is to be uploaded when %s', async (_, changes) => {
    const { speech, understood } = await speaking(changes);
    speech.take(chunk(1_000, 1));
    speech.take(chunk(1_000, 2));
    expect(await speech.finish()).toBeUndefined();
    expect(understood.at(-1)).toBeUndefined();
  });

  it('is to be uploaded when the line breaks, or nobody answers', async () => {
    const broken = await speaking();
    broken.speech.take(chunk(1_000, 1));
    await vi.waitFor(() => expect(broken.understood).toContain('1000 bytes'));
    for (const client of broken.server.clients) client.terminate();
    broken.speech.take(chunk(1_000, 2));
    expect(await broken.speech.finish()).toBeUndefined();
    expect(broken.stored).toEqual([]);

    const silent = await speaking({ store: () => new Promise(() => undefined) });
    silent.speech.take(chunk(1_000, 1));
    expect(await silent.speech.finish()).toBeUndefined();
  });

  it('is not stored when its author discards it', async () => {
    const { speech, socket, stored, understood } = await speaking();
    speech.take(chunk(1_000, 1));
    await vi.waitFor(() => expect(understood).toContain('1000 bytes'));
    speech.abandon();
    await once(socket, 'close');
    expect(await speech.finish()).toBeUndefined();
    expect(stored).toEqual([]);
  });
});
