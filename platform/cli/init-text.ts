import type { InitResult } from '../actions/init/index.js';
import { table } from './table.js';

type Line = InitResult['lines'][number];

/** What was written, and what became of each line of a file that was lifted. */
export function initText({ files, lines }: InitResult): string {
  const lifted = lines.filter(({ became, why }) => became !== undefined && why === undefined);
  const noted = lifted.filter(({ note }) => note !== undefined);
  const always = lines.filter(({ became, why }) => became !== undefined && why !== undefined);
  const not = lines.filter(({ became }) => became === undefined);
  const sum = `${lifted.length} lifted, ${always.length} not needed, ${not.length} not lifted`;
  return [
    ...section(['line', 'lifted', 'in platform.yaml'], lifted, 'became'),
    ...section(['line', 'lifted, but mind', ''], noted, 'note'),
    ...section(['line', 'not needed', 'since'], always, 'why'),
    ...section(['line', 'not lifted', 'since'], not, 'why'),
    ...(lines.length > 0 ? [`${lines.length} values: ${sum}`] : []),
    `wrote ${files.join(' and ')}`,
    'next: platform check',
    '',
  ].join('\n');
}

/** A table of lines that have the same lot; nothing where there are none. */
function section(head: readonly string[], lines: readonly Line[], told: 'became' | 'note' | 'why'): string[] {
  if (lines.length === 0) return [];
  const rows = lines.map(line => [line.line, line.path, line[told] ?? '']);
  return [table(head, rows), ''];
}
