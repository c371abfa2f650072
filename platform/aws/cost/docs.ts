import { EC2_SOURCE, instancePrice, pricedFamilies } from './instances.js';
import { AS_OF, PRICED_REGIONS, PRICES, type PriceRegion, priceRegionOf } from './prices.js';

/** `docs/cost.md`. */
export function costReference(): string {
  const columns = [...new Set(PRICED_REGIONS.flatMap(region => priceRegionOf(region) ?? []))];
  const regionsOf = (column: PriceRegion) =>
    PRICED_REGIONS.filter(region => priceRegionOf(region) === column).join(', ');
  const heads = columns.map(regionsOf);
  const rule = (count: number) => `|${' --- |'.repeat(count)}`;
  const families = [...new Set(columns.flatMap(pricedFamilies))];
  return [
    '# What it costs',
    '',
    'Generated from `platform/aws/cost`; `npm run docs` writes it anew.',
    '',
    '`platform cost --env prod` prints a monthly bill by line (quantity × price), what each switch would save, and what is',
    'not in it. `--diff FILE` shows the change from another config or from an earlier `--json`; `--svg` draws it.',
    'Traffic, capacity units and builds are inputs (`--usage natGiB=200`), since no config tells them. Nodes of Karpenter',
    'are estimated from what the pods ask for that always run. Spot counts as half of the on-demand price unless',
    '`--usage spotPercent=…` says otherwise: its price changes from hour to hour.',
    '',
    'The budget in AWS (`watch`) has the total as its limit, unless `watch.budgetUsd` gives another. AWS Budgets goes by the',
    'tag `platform`, which must be activated once as a cost allocation tag:',
    '`aws ce update-cost-allocation-tags-status --cost-allocation-tags-status TagKey=platform,Status=Active`.',
    '',
    `## List prices of ${AS_OF}, US dollars, without tax`,
    '',
    'A region or an instance type that is not here is an error, never a guess.',
    '',
    `| price | unit | ${heads.join(' | ')} | source |`,
    rule(3 + heads.length),
    ...Object.entries(PRICES).map(
      ([name, { unit, usd, source }]) =>
        `| ${name} | ${unit} | ${columns.map(column => usd[column]).join(' | ')} | <${source}> |`,
    ),
    '',
    `## EC2, size \`large\`, Linux, on demand, an hour (<${EC2_SOURCE}>)`,
    '',
    'Other sizes of these families cost in proportion.',
    '',
    `| family | ${heads.join(' | ')} |`,
    rule(1 + heads.length),
    ...families.map(
      family =>
        `| ${family} | ${columns.map(column => instancePrice(`${family}.large`, column) ?? '–').join(' | ')} |`,
    ),
    '',
  ].join('\n');
}
