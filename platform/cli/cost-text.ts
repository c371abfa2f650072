import type { Cost, CostDifference } from '../actions/cost.js';
import { table } from './table.js';

/** The bill for people: its lines, what switches would save, and what is not in it. */
export function costText({ region, asOf, total, lines, switches, notIncluded }: Cost): string {
  return [
    table(
      ['item', 'of', 'quantity', 'unit', 'price', 'a month'],
      [
        ...lines.map(({ item, note, quantity, unit, price, amount }) => [
          item,
          note ?? '-',
          number(quantity),
          unit,
          `$${price}`,
          usd(amount),
        ]),
        ['total', `${region}, list prices of ${asOf}`, '', '', '', usd(total)],
      ],
    ),
    table(
      ['switch', 'saves a month', 'note'],
      switches.map(({ name, saves, note }) => [name, usd(saves), note ?? '-']),
    ),
    ['Not in it:', ...notIncluded.map(what => `  ${what}`)].join('\n'),
    '',
  ].join('\n\n');
}

export function differenceText({ before, after, lines }: CostDifference): string {
  return [
    table(
      ['item', 'before', 'after', 'change'],
      [
        ...lines.map(line => [
          line.item,
          usd(line.before),
          usd(line.after),
          signed(line.after - line.before),
        ]),
        ['total', usd(before), usd(after), signed(after - before)],
      ],
    ),
    '',
  ].join('\n');
}

function usd(amount: number): string {
  return `${amount < 0 ? '-' : ''}$${Math.abs(amount).toFixed(2)}`;
}

function signed(amount: number): string {
  return `${amount > 0 ? '+' : ''}${usd(amount)}`;
}

function number(quantity: number): string {
  return String(Math.round(quantity * 100) / 100);
}
