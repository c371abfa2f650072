import type { InitResult } from '../actions/init/index.js';
import { table } from './table.js';

/** What was written, and what became of each line of a file that was lifted. */
export function initText({ files, lines }: InitResult): string {
  const lifted = lines.filter(({ became, why }) => became !== undefined && why === undefined);
  const noted = lifted.filter(({ note }) => note !== undefined);
  const always = lines.filter(({ became, why }) => became !== undefined && why !== undefined);
  const not = lines.filter(({ became }) => became === undefined);
  return [
    ...(lifted.length > 0
      ? [
          table(
            ['line', 'lifted', 'in platform.yaml'],
            lifted.map(({ line, path, became }) => [line, path, became ?? '']),
          ),
          '',
        ]
      : []),
    ...(noted.length > 0
      ? [
          table(
            ['line', 'lifted, but mind', ''],
            noted.map(({ line, path, note }) => [line, path, note ?? '']),
          ),
          '',
        ]
      : []),
    ...(always.length > 0
      ? [
          table(
            ['line', 'not needed', 'since'],
            always.map(({ line, path, why }) => [line, path, why ?? '']),
          ),
          '',
        ]
      : []),
    ...(not.length > 0
      ? [
          table(
            ['line', 'not lifted', 'since'],
            not.map(({ line, path, why }) => [line, path, why ?? '']),
          ),
          '',
        ]
      : []),
    ...(lines.length > 0
      ? [
          `${lines.length} values: ${lifted.length} lifted, ${always.length} not needed, ${not.length} not lifted`,
        ]
      : []),
    `wrote ${files.join(' and ')}`,
    'next: platform check',
    '',
  ].join('\n');
}
