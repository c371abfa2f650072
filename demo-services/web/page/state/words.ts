import type { Transcript } from '../../api/entries.js';

export interface Word {
  readonly text: string;
  /** Seconds from the beginning. */
  readonly start: number;
  readonly end: number;
}

/**
 * The words of a transcript with their times. Segments have times, words don't: within a segment a word takes as much
 * of the time as it has of the letters.
 */
export function wordsOf({ segments, text, duration }: Transcript): readonly Word[] {
  const timed = segments.length > 0 ? segments : [{ start: 0, end: duration, text }];
  return timed.flatMap(segment => {
    const words = segment.text.split(/\s+/).filter(Boolean);
    // A pause belongs to the word before it.
    const letters = words.reduce((sum, word) => sum + word.length + 1, 0);
    const perLetter = (segment.end - segment.start) / Math.max(1, letters);
    let at = segment.start;
    return words.map(word => {
      const start = at;
      at += (word.length + 1) * perLetter;
      return { text: word, start, end: at };
    });
  });
}

/** Index of the word that is spoken at a time, or of the last one before; -1 before the first. */
export function wordAt(words: readonly Word[], seconds: number): number {
  return words.findLastIndex(({ start }) => start <= seconds + 0.01);
}

/** Where to go from here: the beginning of the next or the previous word, or a second on where there are none. */
export function stepFrom(words: readonly Word[], seconds: number, direction: 1 | -1): number {
  if (words.length === 0) return Math.max(0, seconds + direction);
  const here = wordAt(words, seconds);
  const inside = seconds - (words[here]?.start ?? 0) > 0.4;
  const next = direction === 1 ? here + 1 : inside ? here : here - 1;
  return words[Math.min(Math.max(next, 0), words.length - 1)]?.start ?? 0;
}
