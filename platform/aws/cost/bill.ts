import { type Finding, finding } from '../../errors.js';
import type { ClusterPlan } from '../../plan/index.js';
import { EC2_SOURCE, instancePrice, pricedFamilies } from './instances.js';
import { AS_OF, PRICED_REGIONS, PRICES, type PriceRegion, priceRegionOf } from './prices.js';
import { type Group, type Quantity, quantitiesOf } from './quantities.js';
import type { Usage } from './usage.js';

export interface BillLine {
  readonly item: string;
  readonly group: Group;
  /** How the quantity comes about. */
  readonly note?: string;
  /** In a month. */
  readonly quantity: number;
  readonly unit: string;
  /** US dollars for one unit. */
  readonly price: number;
  /** US dollars in a month, to the cent. */
  readonly amount: number;
  /** Page with the price. */
  readonly source: string;
}

export interface Bill {
  readonly region: string;
  /** Day of the prices. */
  readonly asOf: string;
  /** US dollars in a month, without tax. */
  readonly total: number;
  readonly lines: readonly BillLine[];
}

/** A bill, or what there is no price for: never a guess. */
export type Priced =
  | { readonly bill: Bill; readonly findings: readonly [] }
  | { readonly bill?: undefined; readonly findings: readonly Finding[] };

/** What a plan costs in a month at list prices. */
export function billOf(plan: ClusterPlan, usage: Usage, today: string): Priced {
  const { region } = plan;
  const prices = priceRegionOf(region);
  if (prices === undefined) {
    const unknown = finding('PriceUnknown', `there are no prices for region ${region}`, {
      where: { path: 'region' },
      saw: region,
      want: `one of ${PRICED_REGIONS.join(', ')}`,
    });
    return { findings: [unknown] };
  }
  const priced = quantitiesOf(plan, usage, today).map(quantity => lineOf(quantity, prices, region));
  const findings = priced.flatMap(line => ('code' in line ? [line] : []));
  if (findings.length > 0) return { findings };
  const lines = priced.flatMap(line => ('code' in line ? [] : [line]));
  return { bill: { region, asOf: AS_OF, total: cents(sum(lines)), lines }, findings: [] };
}

function lineOf({ priced, ...counted }: Quantity, prices: PriceRegion, region: string): BillLine | Finding {
  if (typeof priced === 'string') {
    const { unit, usd, source } = PRICES[priced];
    return line({ ...counted, unit, price: usd[prices], source });
  }
  const { instance, percent = 100 } = priced;
  const price = instancePrice(instance, prices);
  if (price === undefined) {
    return finding('PriceUnknown', `there is no price for ${instance} in ${region}`, {
      where: { path: 'nodes' },
      saw: instance,
      want: `a type of the families ${pricedFamilies(prices).join(', ')}`,
    });
  }
  return line({ ...counted, unit: 'hour', price: (price * percent) / 100, source: EC2_SOURCE });
}

function line(unpriced: Omit<BillLine, 'amount'>): BillLine {
  return { ...unpriced, amount: cents(unpriced.quantity * unpriced.price) };
}

export function sum(lines: readonly Pick<BillLine, 'amount'>[]): number {
  return lines.reduce((total, { amount }) => total + amount, 0);
}

export function cents(usd: number): number {
  return Math.round(usd * 100) / 100;
}
