export type Section =
  | { readonly heading: string }
  | { readonly text: string }
  /** The first row is the head. */
  | { readonly table: readonly (readonly (string | number)[])[] }
  /** As `toSvg` draws it. */
  | { readonly svg: string }
  /** Side by side. The sources are data URLs, or the page would need other files. */
  | { readonly pictures: readonly { readonly source: string; readonly caption: string }[] };

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; color: #111827; max-width: 62rem; margin: 2rem auto; padding: 0 1rem }
  table { border-collapse: collapse; margin: 1rem 0 }
  th, td { padding: .25rem .75rem; text-align: right; border-bottom: 1px solid #e5e7eb }
  th:first-child, td:first-child { text-align: left }
  svg { max-width: 100%; height: auto; margin: 1rem 0 }
  figure { display: inline-block; margin: 0 .75rem .75rem 0 }
  figure img { display: block; height: 9rem; border-radius: .4rem }
  figcaption { color: #4b5563; font-size: .85em }`;

/** One HTML page that needs no other file, no network and no script. */
export function page(title: string, sections: readonly Section[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}
</style>
<h1>${escaped(title)}</h1>
${sections.map(html).join('\n')}
</html>
`;
}

function html(section: Section): string {
  if ('heading' in section) return `<h2>${escaped(section.heading)}</h2>`;
  if ('text' in section) return `<p>${escaped(section.text)}</p>`;
  if ('svg' in section) return section.svg;
  if ('pictures' in section) return section.pictures.map(figure).join('\n');
  const [head = [], ...rows] = section.table;
  const row = (cells: readonly (string | number)[], tag: 'th' | 'td') =>
    `<tr>${cells.map(cell => `<${tag}>${escaped(String(cell))}</${tag}>`).join('')}</tr>`;
  return `<table>\n${row(head, 'th')}\n${rows.map(cells => row(cells, 'td')).join('\n')}\n</table>`;
}

function figure({ source, caption }: { readonly source: string; readonly caption: string }): string {
  const text = escaped(caption);
  return `<figure><img src="${escaped(source)}" alt="${text}"><figcaption>${text}</figcaption></figure>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
