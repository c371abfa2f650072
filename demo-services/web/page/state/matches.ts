/** Pieces of a text; those that a search looked for are marked. Joined they are the text. */
export interface Piece {
  readonly text: string;
  readonly marked: boolean;
}

/** As the search finds: whole words without capitals, and the last one as a beginning. */
export function matches(text: string, query: string): readonly Piece[] {
  const words: readonly string[] =
    query
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];
  const last = words.at(-1);
  return text.split(/([\p{L}\p{N}\p{M}]+)/u).flatMap(piece => {
    if (piece === '') return [];
    const lower = piece.normalize('NFC').toLowerCase();
    const marked = words.includes(lower) || (last !== undefined && lower.startsWith(last));
    if (!marked || words.includes(lower)) return [{ text: piece, marked }];
    const length = last?.length ?? 0;
    return [
      { text: piece.slice(0, length), marked },
      { text: piece.slice(length), marked: false },
    ];
  });
}
