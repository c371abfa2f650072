import type { Explanation } from '../actions/explain.js';
import { table } from './table.js';

/** One page, as one reads it. */
export function explainText(page: Explanation): string {
  const { code, means, fix, severity, group, happens, why, source, examples, fixInFiles } = page;
  const title = severity === undefined ? code : `${code} (${severity}, ${group})`;
  return [
    title,
    '',
    ...paragraph('', means),
    ...(happens ? ['', 'What happens', ...paragraph('  ', happens)] : []),
    ...(why ? ['', 'Why', ...paragraph('  ', why)] : []),
    '',
    'Fix',
    ...paragraph('  ', fix),
    ...(fixInFiles ? paragraph('  ', `in files without a platform.yaml: ${fixInFiles}`) : []),
    ...(examples ? [...example('Found in', examples.bad), ...example('Not found in', examples.good)] : []),
    ...(source ? ['', 'Source', `  ${source}`] : []),
    '',
  ].join('\n');
}

/** Every code, one a line. */
export function codesText(pages: readonly Explanation[]): string {
  return table(
    ['code', 'group', 'severity', 'means'],
    pages.map(({ code, group, severity, means }) => [code, group ?? '-', severity ?? '-', means]),
  );
}

function example(title: string, layers: object): string[] {
  return Object.entries(layers).flatMap(([layer, text]) => [
    '',
    `${title} (${layer})`,
    ...String(text)
      .split('\n')
      .map(line => `  ${line}`),
  ]);
}

/** Wrapped at 96 characters. */
function paragraph(indent: string, text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > 96) lines.push(`${indent}${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
