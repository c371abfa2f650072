import { describe, expect, it } from 'vitest';
import { render, transcriptionOf } from './transcription.js';

const word = (text: string, start: number, end: number) => ({ word: text, start, end });
const spoken = transcriptionOf(
  [
    word('good', 0.2, 0.5),
    word('morning', 0.5, 1),
    word('how', 3_661.5, 3_662),
    word('are', 3_662, 3_662.25),
  ],
  3_663,
);

describe('a transcription', () => {
  it('is parted where the speaker paused', () => {
    expect(spoken.text).toBe('good morning how are');
    expect(spoken.segments).toEqual([
      { start: 0.2, end: 1, text: 'good morning' },
      { start: 3_661.5, end: 3_662.25, text: 'how are' },
    ]);
  });

  it('of a long speech is parted at any breath', () => {
    const words = Array.from({ length: 60 }, (_, i) =>
      word(`w${i}`, i * 0.5, i * 0.5 + (i % 4 === 3 ? 0.4 : 0.5)),
    );
    const { segments } = transcriptionOf(words, 30);
    expect(segments.length).toBeGreaterThan(1);
    for (const { start, end } of segments) expect(end - start).toBeLessThan(13);
  });

  it('of silence is empty', () => {
    expect(transcriptionOf([], 2)).toEqual({ text: '', duration: 2, words: [], segments: [] });
    expect(render(transcriptionOf([], 2), 'srt', []).body).toBe('');
  });
});

describe('OpenAI’s formats', () => {
  const body = (
    format: Parameters<typeof render>[1],
    granularities: Parameters<typeof render>[2] = ['segment'],
  ) => render(spoken, format, granularities).body;

  it('json and text hold what was said', () => {
    expect(JSON.parse(body('json'))).toEqual({ text: 'good morning how are' });
    expect(body('text')).toBe('good morning how are\n');
  });

  it('srt and vtt are subtitles, each with its own point and head', () => {
    expect(body('srt')).toBe(
      '1\n00:00:00,200 --> 00:00:01,000\ngood morning\n\n2\n01:01:01,500 --> 01:01:02,250\nhow are\n',
    );
    expect(body('vtt')).toBe(
      'WEBVTT\n\n00:00:00.200 --> 00:00:01.000\ngood morning\n\n01:01:01.500 --> 01:01:02.250\nhow are\n',
    );
  });

  it('verbose_json has words and segments as they were asked for', () => {
    const [segments, words, both] = ([['segment'], ['word'], ['word', 'segment']] as const).map(wanted =>
      JSON.parse(body('verbose_json', wanted)),
    );
    expect(segments).toMatchObject({ task: 'transcribe', language: 'english', duration: 3_663 });
    expect(segments.segments).toHaveLength(2);
    expect(segments).not.toHaveProperty('words');
    expect(words.words[0]).toEqual({ word: 'good', start: 0.2, end: 0.5 });
    expect(words).not.toHaveProperty('segments');
    expect(both).toMatchObject({ words: expect.any(Array), segments: expect.any(Array) });
  });
});
