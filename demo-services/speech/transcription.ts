import type { Word } from './recognizer.js';

/** What a recording says, in the terms of the transcription API. */
export interface Transcription {
  readonly text: string;
  /** Seconds. */
  readonly duration: number;
  readonly words: readonly Word[];
  readonly segments: readonly { readonly start: number; readonly end: number; readonly text: string }[];
}

export const FORMATS = ['json', 'text', 'srt', 'vtt', 'verbose_json'] as const;
export type Format = (typeof FORMATS)[number];

/** A pause that parts two segments, and the length after which any pause does, seconds. */
const PAUSE = 0.5;
const LONG = 10;

export function transcriptionOf(words: readonly Word[], duration: number): Transcription {
  const groups: Word[][] = [];
  for (const word of words) {
    const [group, last] = [groups.at(-1), groups.at(-1)?.at(-1)];
    const pause = word.start - (last?.end ?? 0);
    const long = word.end - (group?.[0]?.start ?? 0) > LONG;
    if (group === undefined || pause >= PAUSE || (long && pause > 0)) groups.push([word]);
    else group.push(word);
  }
  const segments = groups.map(group => ({
    start: group[0]?.start ?? 0,
    end: group.at(-1)?.end ?? 0,
    text: textOf(group),
  }));
  return { text: textOf(words), duration, words, segments };
}

function textOf(words: readonly Word[]): string {
  return words.map(({ word }) => word).join(' ');
}

/** The body of a response, as OpenAI forms it. */
export function render(
  transcription: Transcription,
  format: Format,
  granularities: readonly ('word' | 'segment')[],
): { readonly type: string; readonly body: string } {
  const { text, segments } = transcription;
  const json = (value: unknown) => ({ type: 'application/json', body: JSON.stringify(value) });
  switch (format) {
    case 'json':
      return json({ text });
    case 'text':
      return { type: 'text/plain; charset=utf-8', body: `${text}\n` };
    case 'srt':
      return { type: 'text/plain; charset=utf-8', body: cues(segments, ',').join('\n') };
    case 'vtt':
      return {
        type: 'text/vtt; charset=utf-8',
        body: ['WEBVTT\n', ...cues(segments, '.', false)].join('\n'),
      };
    case 'verbose_json':
      return json(verbose(transcription, granularities));
  }
}

function verbose({ text, duration, words, segments }: Transcription, granularities: readonly string[]) {
  return {
    task: 'transcribe',
    language: 'english',
    duration,
    text,
    ...(granularities.includes('word') && { words }),
    ...(granularities.includes('segment') && {
      segments: segments.map((segment, id) => ({
        id,
        seek: Math.round(segment.start * 100),
        ...segment,
        tokens: [],
        temperature: 0,
        avg_logprob: 0,
        compression_ratio: 1,
        no_speech_prob: 0,
      })),
    }),
  };
}

function cues(segments: Transcription['segments'], point: ',' | '.', numbered = true): string[] {
  return segments.map(({ start, end, text }, i) => {
    const times = `${clock(start, point)} --> ${clock(end, point)}`;
    return `${numbered ? `${i + 1}\n` : ''}${times}\n${text}\n`;
  });
}

/** 01:02:03,456 */
function clock(seconds: number, point: ',' | '.'): string {
  const time = new Date(Math.round(seconds * 1000)).toISOString().slice(11, 23);
  return time.replace('.', point);
}
