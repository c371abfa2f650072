import Table from 'cli-table3';

/** A plain table: columns aligned, no frames, so that it can be read, grepped and cut. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const plain = new Table({
    head: head.map(title => title.toUpperCase()),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2, compact: true },
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '',
    },
  });
  plain.push(...rows.map(row => row.map(String)));
  return plain
    .toString()
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n');
}
