import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { logTo } from '../../runtime/log.js';
import { eventually } from '../../testing/voice.js';
import type { StreamDown } from '../api/index.js';
import type { Listener } from './captions.js';
import { type SpeechProps, takeSpeech } from './take-speech.js';
import { roomOf } from './tape.js';

const LIMITS = { bytes: 1_000_000, seconds: 60, idleSeconds: 60, windowBytes: 100_000, captionEveryMs: 5 };
const BEGIN = JSON.stringify({ type: 'begin', contentType: 'audio/webm;codecs=opus' });
const END = JSON.stringify({ type: 'end' });
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A page and the front door, over a connection. */
async function connected(changes: Partial<SpeechProps> = {}) {
  const stored: Buffer[] = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  closing.push(() => server.close());
  let ended = false;
  server.on('connection', async socket => {
    await takeSpeech(socket, {
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
    ended = true;
  });
  await once(server, 'listening');
  const page = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  closing.push(() => page.terminate());
  const answers: StreamDown[] = [];
  page.on('message', data => answers.push(JSON.parse(data.toString())));
  await once(page, 'open');
  const of = <Type extends StreamDown['type']>(type: Type) =>
    answers.filter((one): one is Extract<StreamDown, { type: Type }> => one.type === type);
  return { page, answers, of, stored, ended: () => ended, taken: () => of('taken').at(-1)?.bytes ?? 0 };
}

describe('speech that is taken while it is spoken', () => {
  it('is said to be taken, captioned, stored whole, and captioned once more', async () => {
    const { page, answers, of, stored, taken } = await connected();
    page.send(BEGIN);
    const chunks = Array.from({ length: 5 }, (_, i) => Buffer.alloc(1_000, i));
    for (const chunk of chunks) page.send(chunk);
    await eventually(() => expect(taken()).toBe(5_000));
    await eventually(() => expect(of('partial').at(-1)).toMatchObject({ text: '5000 bytes' }));
    page.send(END);
    const [code] = await once(page, 'close');
    expect(code).toBe(1000);
    expect(stored).toEqual([Buffer.concat(chunks)]);
    expect(answers.slice(-2)).toMatchObject([
      { type: 'stored', size: 5_000 },
      { type: 'final', text: '5000 bytes' },
    ]);
  });

  it('is stored without captions where nobody listens', async () => {
    const { page, answers, of, stored } = await connected({ listen: undefined });
    for (const frame of [BEGIN, Buffer.alloc(1_000), END]) page.send(frame);
    await once(page, 'close');
    expect(stored).toEqual([Buffer.alloc(1_000)]);
    expect(answers.at(-1)).toMatchObject({ type: 'stored', size: 1_000 });
    expect(of('failed')).toEqual([]);
  });

  it('of many fills no more memory than there is, and gives it back', async () => {
    const room = roomOf(15_000);
    const [one, other] = [await connected({ room }), await connected({ room })];
    for (const { page } of [one, other]) page.send(BEGIN);
    one.page.send(Buffer.alloc(10_000));
    await eventually(() => expect(one.taken()).toBe(10_000));
    other.page.send(Buffer.alloc(10_000));
    await once(other.page, 'close');
    expect(other.answers.at(-1)).toMatchObject({ type: 'failed', code: 'TooManyRequests' });
    one.page.terminate();
    await eventually(() => expect(one.ended() && other.ended()).toBe(true));
    expect(room.take(15_000)).toBe(true);
  });

  it('holds its memory until it is stored, also when its page has gone', async () => {
    const room = roomOf(15_000);
    const storing: (() => void)[] = [];
    const { page, ended } = await connected({
      room,
      store: (recording, type) =>
        new Promise(resolve => {
          storing.push(() => resolve({ upload: type, size: recording.byteLength, sha256: '' }));
        }),
    });
    for (const frame of [BEGIN, Buffer.alloc(10_000), END]) page.send(frame);
    await eventually(() => expect(storing).toHaveLength(1));
    const gone = once(page, 'close');
    page.terminate();
    await gone;
    await new Promise(resolve => setTimeout(resolve, 200));
    expect(room.take(10_000)).toBe(false);
    expect(ended()).toBe(false);
    storing[0]?.();
    await eventually(() => expect(ended()).toBe(true));
    expect(room.take(15_000)).toBe(true);
  });

  it('is read no further while the engine is behind, and goes on when it is not', async () => {
    const waiting: (() => void)[] = [];
    const slow: Listener = recording =>
      new Promise(resolve => {
        waiting.push(() => resolve({ text: `${recording.byteLength}`, seconds: 1 }));
      });
    const { page, taken, stored } = await connected({ listen: slow });
    page.send(BEGIN);
    for (let i = 0; i < 90; i++) page.send(Buffer.alloc(10_000));
    page.send(END);
    await eventually(() => expect(waiting).toHaveLength(1));
    await eventually(() => expect(taken()).toBeGreaterThan(LIMITS.windowBytes));
    // What was read at once with the last chunk may follow; then nothing does until the engine is back.
    let before = -1;
    while (taken() !== before) {
      before = taken();
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    expect(before).toBeLessThan(500_000);
    const release = setInterval(() => waiting.shift()?.(), 5);
    closing.push(() => clearInterval(release));
    await eventually(() => expect(stored.map(one => one.byteLength)).toEqual([900_000]));
  });

  it('is stored though the engine fails', async () => {
    const { page, of, stored } = await connected({
      listen: async () => {
        throw new Error('broken');
      },
    });
    page.send(BEGIN);
    page.send(Buffer.alloc(10));
    page.send(END);
    await once(page, 'close');
    expect(stored).toHaveLength(1);
    expect(of('failed')).toEqual([]);
  });

  it('lets the engine go when the page goes', async () => {
    let listening: AbortSignal | undefined;
    const { page, ended } = await connected({
      listen: (_, signal) => {
        listening = signal;
        return new Promise(() => undefined);
      },
    });
    page.send(BEGIN);
    page.send(Buffer.alloc(10));
    await eventually(() => expect(listening?.aborted).toBe(false));
    page.terminate();
    await eventually(() => expect(ended()).toBe(true));
    expect(listening?.aborted).toBe(true);
  });

  const chunk = Buffer.alloc(10);
  it.each<[string, string, (string | Buffer)[], Partial<SpeechProps>?]>([
    ['a chunk before begin', 'RequestInvalid', [chunk]],
    ['end before begin', 'RequestInvalid', [END]],
    ['begin twice', 'RequestInvalid', [BEGIN, BEGIN]],
    ['nothing between begin and end', 'RequestInvalid', [BEGIN, END]],
    ['another type', 'RequestInvalid', [JSON.stringify({ type: 'begin', contentType: 'text/html' })]],
    ['what is no JSON', 'RequestInvalid', ['{']],
    ['another word', 'RequestInvalid', [JSON.stringify({ type: 'stop' })]],
    ['too many bytes', 'AudioTooLong', [BEGIN, Buffer.alloc(LIMITS.bytes), chunk]],
    ['too long a speech', 'AudioTooLong', [BEGIN, chunk], { limits: { ...LIMITS, seconds: 0.2 } }],
    ['silence', 'StreamIdle', [BEGIN, chunk], { limits: { ...LIMITS, idleSeconds: 0.2 } }],
    ['a session that ends', 'NotSignedIn', [BEGIN, chunk], { expiresAt: Date.now() }],
    ['somebody who has left', 'NotFound', [BEGIN, chunk], { isMember: async () => false }],
  ])('is refused with %s, by a code, and nothing is stored', async (_, code, frames, changes) => {
    const { page, answers, stored, ended } = await connected(changes);
    for (const frame of frames) page.send(frame);
    await once(page, 'close');
    expect(answers.at(-1)).toMatchObject({ type: 'failed', code });
    expect(stored).toEqual([]);
    await eventually(() => expect(ended()).toBe(true));
  });

  it('that cannot be stored is not said to be', async () => {
    const { page, answers, of } = await connected({
      store: async () => {
        throw new Error('secret of the store');
      },
    });
    for (const frame of [BEGIN, chunk, END]) page.send(frame);
    await once(page, 'close');
    expect(of('stored')).toEqual([]);
    expect(answers.at(-1)).toEqual({ type: 'failed', code: 'Unexpected', message: '' });
  });
});
