import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import OpenAI, { toFile } from 'openai';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { fetchDispatcher } from '../runtime/trust.js';
import { startSpeech } from '../testing/process.js';

const sample = (file: string) => readFile(new URL(`../testing/audio/${file}`, import.meta.url));
const SAID = 'good morning everyone';

describe('the transcription server, asked by the client of OpenAI', () => {
  let server: Awaited<ReturnType<typeof startSpeech>>;
  const client = (apiKey = server.key) =>
    new OpenAI({
      baseURL: `${server.url}/v1`,
      apiKey,
      maxRetries: 0,
      fetch: (url, init) =>
        fetch(url, Object.assign({}, init, { dispatcher: fetchDispatcher(inject('platform').trust) })),
    });
  const ask = async (file: string, more = {}) =>
    client().audio.transcriptions.create({
      file: await toFile(await sample(file), file),
      model: 'whisper-1',
      ...more,
    });
  const recognizers = ({ pid } = server) =>
    execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(pid)], { encoding: 'utf8' })
      .split('\n')
      .filter(line => line.includes('recognize.py'))
      .map(line => Number.parseInt(line, 10));

  beforeAll(async () => {
    server = await startSpeech();
    await server.ready();
  });
  afterAll(() => server.stop());

  it.each(['plain.wav', 'browser.webm', 'opus.ogg', 'vorbis.ogg', 'phone.m4a', 'fragments.mp4'])(
    'hears what is said in %s',
    async file => expect((await ask(file)).text).toBe(SAID),
  );

  it('tells when each word was said', async () => {
    const said = await client().audio.transcriptions.create({
      file: await toFile(await sample('plain.wav'), 'plain.wav'),
      model: 'whisper-1',
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
    });
    expect(said.words?.map(({ word }) => word).join(' ')).toBe(SAID);
    expect(said.segments?.[0]).toMatchObject({ text: SAID, start: expect.any(Number) });
    const times = said.words?.flatMap(({ start, end }) => [start, end]) ?? [];
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(said.duration);
  });

  it('gives subtitles', async () => {
    expect(await ask('plain.wav', { response_format: 'vtt' })).toMatch(/^WEBVTT\n\n00:00:0.* --> .*\ngood/);
  });

  it('lists its models', async () => {
    expect((await client().models.list()).data.map(({ id }) => id)).toContain('whisper-1');
  });

  it('hears the same again, whatever was said before', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => ask('plain.wav')));
    expect(new Set(all.map(({ text }) => text))).toEqual(new Set([SAID]));
  });

  it.each([
    ['a wrong key', () => client('sk-wrong').models.list(), 401, 'invalid_api_key'],
    ['an unknown model', () => ask('plain.wav', { model: 'nope' }), 404, 'model_not_found'],
    ['another language', () => ask('plain.wav', { language: 'de' }), 400, null],
    ['an unknown format', () => ask('plain.wav', { response_format: 'xml' }), 400, null],
  ])('refuses %s in OpenAI’s own form', async (_, request, status, code) => {
    await expect(request()).rejects.toMatchObject({ status, code, error: { message: expect.any(String) } });
  });

  it.each([
    ['what is no audio', Buffer.from('hello'), 400],
    ['nothing', Buffer.alloc(0), 400],
    ['more than 25 MB', Buffer.alloc(26 * 1024 * 1024 + 1), 413],
  ])('refuses %s', async (_, bytes, status) => {
    const file = await toFile(bytes, 'a.wav');
    const request = client().audio.transcriptions.create({ file, model: 'whisper-1' });
    await expect(request).rejects.toMatchObject({ status });
  });

  it('replaces a recogniser that was killed at work, and still answers', async () => {
    const before = recognizers();
    expect(before).toHaveLength(2);
    const answers = Promise.all(Array.from({ length: 4 }, () => ask('plain.wav')));
    await new Promise(resolve => setTimeout(resolve, 100));
    for (const pid of before) process.kill(pid, 'SIGKILL');
    expect((await answers).map(({ text }) => text)).toEqual([SAID, SAID, SAID, SAID]);
    await vi.waitFor(() => expect(recognizers()).toHaveLength(2), { timeout: 5_000 });
    expect(recognizers()).not.toEqual(expect.arrayContaining(before));
  });

  it('leaves no recogniser behind when it is killed', async () => {
    const other = await startSpeech({ SPEECH_WORKERS: '1' });
    await other.ready();
    const pids = recognizers(other);
    expect(pids).toHaveLength(1);
    other.signal('SIGKILL');
    await other.ended;
    const alive = (pid: number) => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    await vi.waitFor(() => expect(pids.filter(alive)).toEqual([]), { timeout: 10_000 });
  });

  it('finishes what it has begun when it is told to stop', async () => {
    const other = await startSpeech({ SPEECH_WORKERS: '1' });
    await other.ready();
    const dispatcher = fetchDispatcher(inject('platform').trust);
    const patient = new OpenAI({
      baseURL: `${other.url}/v1`,
      apiKey: other.key,
      maxRetries: 0,
      fetch: (url, init) => fetch(url, Object.assign({}, init, { dispatcher })),
    });
    const file = await toFile(await sample('plain.wav'), 'plain.wav');
    const answer = patient.audio.transcriptions.create({ file, model: 'whisper-1' });
    await vi.waitFor(
      async () => expect((await other.get('/metrics')).text).toMatch(/service_in_flight\{.*\} 1/),
      { timeout: 10_000, interval: 10 },
    );
    other.signal('SIGTERM');
    expect((await answer).text).toBe(SAID);
    expect(await other.ended).toBe(0);
  });
});
