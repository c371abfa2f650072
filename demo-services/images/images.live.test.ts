import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renditionKey, resultKey } from '../contract/index.js';
import { type ServiceProcess, startService } from '../testing/process.js';
import {
  eventually,
  photograph,
  recording,
  sha256,
  sleep,
  type VoicePlatform,
  voicePlatform,
} from '../testing/voice.js';

let voice: VoicePlatform;
let images: ServiceProcess;
const start = (more: Readonly<Record<string, string>> = {}) =>
  startService('images', { ...voice.env, MAX_PIXELS: '20000000', ...more });

beforeAll(async () => {
  voice = await voicePlatform();
  images = await start();
  await images.ready();
});
afterAll(async () => {
  await images?.stop();
  await voice?.close();
});

describe('the image service', () => {
  it('stores what it made of a picture, and announces the very bytes that it stored', async () => {
    const id = await voice.send('image', await photograph(1_600, 900));
    const [announced] = await voice.resultsOf(id);
    expect(announced?.result).toMatchObject({
      kind: 'picture',
      format: 'jpeg',
      width: 1_600,
      height: 900,
      renditions: [
        { key: renditionKey(id, 1_280), width: 1_280, height: 720 },
        { key: renditionKey(id, 320), width: 320, height: 180 },
      ],
    });
    expect(await voice.stored(resultKey(id))).toBe(announced?.bytes);
    expect(await voice.stored(renditionKey(id, 320))).toContain('WEBP');
  });

  it('does a message once, however often it comes', async () => {
    const [picture, again] = [await photograph(), { message: { id: '01HZZZZZZZZZZZZZZZZZZZZZZ2' } }];
    await Promise.all([1, 2, 3].map(() => voice.send('image', picture, again)));
    await eventually(async () => {
      const results = await voice.resultsOf(again.message.id);
      expect(results).toHaveLength(3);
      expect(new Set(results.map(({ bytes }) => bytes)).size).toBe(1);
    });
  });
});

describe('a picture that can never be shown', () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>');
  const bomb = () =>
    sharp({ create: { width: 9_000, height: 9_000, channels: 3, background: '#000' } })
      .png()
      .toBuffer();

  it.each([
    ['is empty', async () => voice.send('image', Buffer.alloc(0)), 'ImageUnreadable'],
    [
      'was cut off',
      async () => voice.send('image', (await photograph()).subarray(0, 900)),
      'ImageUnreadable',
    ],
    ['is sound', async () => voice.send('image', await recording()), 'ImageUnsupported'],
    ['is SVG', async () => voice.send('image', svg), 'ImageUnsupported'],
    [
      'is a script that begins like a picture',
      async () => voice.send('image', Buffer.from('GIF89a=1;//')),
      'ImageUnreadable',
    ],
    ['is a bomb', async () => voice.send('image', await bomb()), 'ImageTooLarge'],
    ['has no object', async () => voice.send('image', await photograph(), { put: false }), 'ObjectNotFound'],
    [
      'has another sha256',
      async () => voice.send('image', await photograph(), { object: { sha256: sha256(svg) } }),
      'ObjectCorrupt',
    ],
    [
      'has 40 MB and says that it is small',
      async () => voice.send('image', Buffer.alloc(40_000_000), { object: { size: 9 } }),
      'ObjectTooLarge',
    ],
    [
      'is of a version to come',
      async () => voice.send('image', svg, { message: { v: 2 } }),
      'MessageUnknownVersion',
    ],
    [
      'came to the wrong topic',
      async () => voice.send('image', svg, { message: { kind: 'audio' } }),
      'MessageInvalid',
    ],
  ])('since it %s, is shown as failed, is a dead letter, and harms nobody', async (_, send, code) => {
    const bad = await send();
    const good = await voice.send('image', await photograph());
    expect(await voice.deadLettersOf(bad)).toEqual([code]);
    const [failure] = await voice.resultsOf(bad);
    expect(failure?.result).toMatchObject({ kind: 'failed', code, thread: 'thread' });
    const [success] = await voice.resultsOf(good);
    expect(success?.result.kind).toBe('picture');
  });

  it('costs bounded memory, be it a whole pile of them', async () => {
    const pile = await bomb();
    const ids = await Promise.all(Array.from({ length: 20 }, () => voice.send('image', pile)));
    for (const id of ids) expect(await voice.deadLettersOf(id)).toEqual(['ImageTooLarge']);
    const { text } = await images.get('/metrics');
    const resident = Number(/process_resident_memory_bytes\{.*\} (\d+)/.exec(text)?.[1]);
    expect(resident).toBeLessThan(400 * 1024 * 1024);
  });
});

describe('an image worker that is killed', () => {
  it('again and again at work loses nothing and does nothing twice', async () => {
    const picture = await photograph(3_000, 2_000);
    const ids = await Promise.all(Array.from({ length: 24 }, () => voice.send('image', picture)));
    for (let kill = 0; kill < 2; kill++) {
      await sleep(300);
      images.signal('SIGKILL');
      await images.ended;
      images = await start();
      await images.ready();
    }
    for (const id of ids) {
      const results = await voice.resultsOf(id);
      expect(new Set(results.map(({ bytes }) => bytes)).size).toBe(1);
      expect(await voice.stored(resultKey(id))).toBe(results[0]?.bytes);
    }
    expect(voice.deadLetters().some(({ data }) => ids.some(id => data.includes(id)))).toBe(false);
  });
});
