const TONES = 6;

/** The first letter of a name on a tone of its own; the name itself stands beside it. */
export function Avatar({ name, online }: { readonly name: string; readonly online?: boolean | undefined }) {
  const tone = [...name].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7) % TONES;
  return (
    <span class={`avatar tone-${tone}${online ? ' online' : ''}`} aria-hidden="true">
      {name.charAt(0).toUpperCase()}
    </span>
  );
}
