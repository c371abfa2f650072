import { closest, distance } from 'fastest-levenshtein';

/** The known word that was probably meant, when one is near enough. */
export function closestOf(seen: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const nearest = closest(seen, [...known]);
  const near = distance(seen.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, seen.length / 3);
  return near ? nearest : undefined;
}

/** "did you mean" as the fix, or the list of what is known. */
export function suggestion(seen: string, known: readonly string[]): { fix?: string } {
  if (known.length === 0) return {};
  const nearest = closestOf(seen, known);
  return {
    fix: nearest === undefined ? `use one of: ${known.join(', ')}` : `did you mean "${nearest}"?`,
  };
}
