/** How many words of what was said were understood wrongly, of how many. */
export interface WordErrors {
  readonly errors: number;
  readonly words: number;
}

/** Words that must be replaced, inserted or removed to get from what was understood to what was said. */
export function wordErrors(said: string, understood: string): WordErrors {
  const [wanted, seen] = [wordsOf(said), wordsOf(understood)];
  let row = Array.from({ length: seen.length + 1 }, (_, i) => i);
  for (const [i, word] of wanted.entries()) {
    const next = [i + 1];
    for (const [j, other] of seen.entries()) {
      const [left = 0, above = 0, diagonal = 0] = [next[j], row[j + 1], row[j]];
      next.push(Math.min(left + 1, above + 1, diagonal + (word === other ? 0 : 1)));
    }
    row = next;
  }
  return { errors: row.at(-1) ?? 0, words: wanted.length };
}

/** Errors over words of several sentences together; 0 when nothing was said. */
export function wordErrorRate(all: readonly WordErrors[]): number {
  const words = all.reduce((sum, one) => sum + one.words, 0);
  return words === 0 ? 0 : all.reduce((sum, one) => sum + one.errors, 0) / words;
}

/** Engines differ in capitals and punctuation; neither can be heard. */
function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s']/gu, ' ')
    .split(/\s+/)
    .filter(Boolean);
}
