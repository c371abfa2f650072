import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { resultKey } from '../contract/index.js';
import { mp4Claiming } from '../testing/mp4.js';
import { temporaryFile } from '../testing/parts.js';
import { type ServiceProcess, startService, startSpeech } from '../testing/process.js';
import { eventually, recording, sha256, sleep, type VoicePlatform, voicePlatform } from '../testing/voice.js';

const SAID = 'good morning everyone';
let voice: VoicePlatform;
let speech: Awaited<ReturnType<typeof startSpeech>>;
let transcriber: ServiceProcess;
const start = (more: Readonly<Record<string, string>> = {}) =>
  startService('transcriber', {
    ...voice.env,
    OPENAI_BASE_URL: `${speech.url}/v1`,
    OPENAI_API_KEY_FILE: speech.keyFile,
    OPENAI_TRUST_FILE: inject('platform').trust,
    MAX_AUDIO_SECONDS: '60',
    ...more,
  });

beforeAll(async () => {
  [voice, speech] = await Promise.all([voicePlatform(), startSpeech()]);
  transcriber = await start();
  await Promise.all([speech.ready(), transcriber.ready()]);
});
afterAll(async () => {
  await transcriber?.stop();
  await Promise.all([voice?.close(), speech?.stop()]);
});

describe('the transcriber', () => {
  it.each(['browser.webm', 'opus.ogg', 'vorbis.ogg', 'phone.m4a', 'fragments.mp4', 'plain.wav'])(
    'writes what was said in %s, whatever its type was said to be',
    async file => {
      const id = await voice.send('audio', await recording(file));
      const [announced] = await voice.resultsOf(id);
      expect(announced?.result).toMatchObject({
        kind: 'transcript',
        id,
        thread: 'thread',
        author: 'ada',
        text: SAID,
        language: 'english',
        segments: [{ text: SAID }],
      });
    },
  );

  it('stores the very bytes that it announces, under a key made from the id', async () => {
    const id = await voice.send('audio', await recording());
    const [announced] = await voice.resultsOf(id);
    expect(await voice.stored(resultKey(id))).toBe(announced?.bytes);
  });

  it('does a message once, however often it comes', async () => {
    const again = { message: { id: '01HZZZZZZZZZZZZZZZZZZZZZZ1' } };
    await voice.send('audio', await recording(), again);
    await voice.send('audio', await recording(), again);
    const results = await eventually(async () => {
      const found = await voice.resultsOf(again.message.id);
      expect(found).toHaveLength(2);
      return found;
    });
    expect(results[0]?.bytes).toBe(results[1]?.bytes);
  });

  it('keeps the order of a thread, over several threads at once', async () => {
    const sent: Record<string, string[]> = { red: [], blue: [], green: [] };
    for (let i = 0; i < 4; i++) {
      for (const [thread, ids] of Object.entries(sent)) {
        ids.push(await voice.send('audio', await recording('opus.ogg'), { thread }));
      }
    }
    for (const id of Object.values(sent).flat()) await voice.resultsOf(id);
    for (const [thread, ids] of Object.entries(sent)) {
      const order = voice.announced().filter(result => result.thread === thread);
      expect(order.map(({ id }) => id)).toEqual(ids);
    }
  });

  it('tells what it does in lines that hold neither text nor keys, and in metrics', async () => {
    const id = await voice.send('audio', await recording());
    await voice.resultsOf(id);
    const line = await eventually(() => {
      const found = transcriber.log().find(entry => entry['event'] === 'done' && entry['id'] === id);
      expect(found).toBeDefined();
      return found;
    });
    expect(line).toMatchObject({ level: 'info', service: 'transcriber', attempt: 1, ms: expect.any(Number) });
    expect(JSON.stringify(transcriber.log())).not.toMatch(/good morning|thread\/01|sk-test|eyJ/);
    const { text } = await transcriber.get('/metrics');
    expect(text).toMatch(/service_messages_total\{.*outcome="done".*\} \d+/);
    expect(text).toMatch(/service_stage_seconds_count\{.*stage="transcribe".*\} \d+/);
  });
});

describe('a message that can never succeed', () => {
  const png = () =>
    sharp({ create: { width: 9, height: 9, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
  const silence = Buffer.alloc(8_000);

  it.each([
    ['is empty', async () => voice.send('audio', Buffer.alloc(0)), 'AudioUnreadable'],
    [
      'was cut off in its header',
      async () => voice.send('audio', (await recording()).subarray(0, 60)),
      'AudioUnreadable',
    ],
    ['is a picture', async () => voice.send('audio', await png()), 'AudioUnsupported'],
    [
      'makes a decoder ask for all memory',
      async () => voice.send('audio', mp4Claiming('vide', 4_000_000_000)),
      'AudioUnreadable',
    ],
    ['is too long', async () => voice.send('audio', wav(silence, 8_000, 120)), 'AudioTooLong'],
    ['has no object', async () => voice.send('audio', await recording(), { put: false }), 'ObjectNotFound'],
    [
      'has another sha256',
      async () => voice.send('audio', await recording(), { object: { sha256: sha256(silence) } }),
      'ObjectCorrupt',
    ],
    [
      'has another size',
      async () => voice.send('audio', await recording(), { object: { size: 7 } }),
      'ObjectCorrupt',
    ],
    [
      'says that it has 100 MB',
      async () => voice.send('audio', await recording(), { object: { size: 100_000_000 } }),
      'ObjectTooLarge',
    ],
    [
      'has 40 MB and says that it is small',
      async () => voice.send('audio', Buffer.alloc(40_000_000), { object: { size: 9 } }),
      'ObjectTooLarge',
    ],
    [
      'is of a version to come',
      async () => voice.send('audio', await recording(), { message: { v: 2 } }),
      'MessageUnknownVersion',
    ],
    [
      'has a body that is wrong',
      async () => voice.send('audio', await recording(), { object: { key: '../../etc/passwd' } }),
      'MessageInvalid',
    ],
  ])('since it %s, is shown as failed, is a dead letter, and harms nobody', async (_, send, code) => {
    const bad = await send();
    const good = await voice.send('audio', await recording());
    expect(await voice.deadLettersOf(bad)).toEqual([code]);
    const [failure] = await voice.resultsOf(bad);
    expect(failure?.result).toMatchObject({ kind: 'failed', code, thread: 'thread' });
    const [success] = await voice.resultsOf(good);
    expect(success?.result.kind).toBe('transcript');
  });

  it('since nobody can read it, is a dead letter at least', async () => {
    const before = voice.deadLetters().length;
    await voice.sendRaw('audio', Buffer.from('\xff\xfe not json'));
    const good = await voice.send('audio', await recording());
    await voice.resultsOf(good);
    await eventually(() => expect(voice.deadLetters()).toHaveLength(before + 1));
    expect(voice.deadLetters().at(-1)?.properties['DEAD_LETTER_CODE']).toBe('MessageInvalid');
  });
});

describe('when the transcription API is away', () => {
  it('messages wait, in order, and none becomes a dead letter', async () => {
    const before = voice.deadLetters().length;
    speech.signal('SIGSTOP');
    const ids = [];
    for (let i = 0; i < 3; i++) ids.push(await voice.send('audio', await recording(), { thread: 'waiting' }));
    await eventually(async () => expect((await transcriber.get('/ready')).status).toBe(503));
    speech.signal('SIGCONT');
    for (const id of ids) expect((await voice.resultsOf(id))[0]?.result.kind).toBe('transcript');
    await transcriber.ready();
    const order = voice.announced().filter(({ thread }) => thread === 'waiting');
    expect(order.map(({ id }) => id)).toEqual(ids);
    expect(voice.deadLetters()).toHaveLength(before);
  });

  it('or refuses the key: the service is not ready, says why, and goes on with a new key', async () => {
    const keyFile = await temporaryFile('sk-expired');
    const own = await voicePlatform();
    const locked = await start({ ...own.env, OPENAI_API_KEY_FILE: keyFile });
    try {
      const id = await own.send('audio', await recording());
      await eventually(async () =>
        expect(await locked.get('/ready')).toMatchObject({
          status: 503,
          text: expect.stringContaining('speech: SpeechUnauthorized'),
        }),
      );
      await eventually(() =>
        expect(locked.log()).toContainEqual(
          expect.objectContaining({ event: 'waits', id, code: 'SpeechUnauthorized' }),
        ),
      );
      expect(own.deadLetters()).toEqual([]);
      await writeFile(keyFile, speech.key);
      expect((await own.resultsOf(id))[0]?.result.kind).toBe('transcript');
      await locked.ready();
    } finally {
      await locked.stop();
      await own.close();
    }
  });
});

describe('a worker that dies', () => {
  it('at work gives its message to the next one, which ends it once', async () => {
    const ids = [];
    for (let i = 0; i < 4; i++)
      ids.push(await voice.send('audio', await recording(), { thread: `dying-${i % 2}` }));
    await sleep(300);
    transcriber.signal('SIGKILL');
    await transcriber.ended;
    transcriber = await start();
    await transcriber.ready();
    for (const id of ids) {
      const results = await voice.resultsOf(id);
      expect(new Set(results.map(({ bytes }) => bytes)).size).toBe(1);
      expect(results[0]?.result.kind).toBe('transcript');
      expect(await voice.stored(resultKey(id))).toBe(results[0]?.bytes);
    }
  });

  it('since it was told to stop, ends its work first and leaves with 0', async () => {
    const id = await voice.send('audio', await recording());
    await eventually(async () =>
      expect((await transcriber.get('/metrics')).text).toMatch(
        /service_in_flight\{service="transcriber"\} [1-9]/,
      ),
    );
    transcriber.signal('SIGTERM');
    expect(await transcriber.ended).toBe(0);
    expect((await voice.resultsOf(id))[0]?.result.kind).toBe('transcript');
    transcriber = await start();
    await transcriber.ready();
    expect(await voice.resultsOf(id)).toHaveLength(1);
  });
});

describe('a transcriber that is told nonsense', () => {
  it('says all of it and leaves with 2', async () => {
    const confused = await start({
      OPENAI_BASE_URL: 'http://speech.example.com/v1',
      CONCURRENCY: 'many',
      TOPIC_AUDIO: '',
    });
    expect(await confused.ended).toBe(2);
    const [line] = confused.log();
    expect(line).toMatchObject({ level: 'error', code: 'EnvironmentInvalid' });
    for (const name of ['OPENAI_BASE_URL', 'CONCURRENCY', 'TOPIC_AUDIO'])
      expect(line?.['message']).toContain(name);
  });
});

/** Silence of so many seconds, 8 bits a sample. */
function wav(samples: Buffer, rate: number, seconds: number): Buffer {
  const data = Buffer.concat(Array.from({ length: seconds }, () => samples));
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + data.length, 4);
  header.write('WAVEfmt ', 8);
  for (const [offset, value] of [
    [16, 16],
    [24, rate],
    [28, rate],
    [40, data.length],
  ] as const) {
    header.writeUInt32LE(value, offset);
  }
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  return Buffer.concat([header, data]);
}
