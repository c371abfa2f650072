import { z } from 'zod';
import { toSvg } from '../../demo-services/plots/index.js';
import {
  type Bill,
  billOf,
  cents,
  defaultUsage,
  GROUPS,
  type Saving,
  savingsOf,
  sum,
  USAGE_KEYS,
  type Usage,
} from '../aws/cost/index.js';
import { environmentsOf } from '../config/index.js';
import { PlatformError } from '../errors.js';
import { type ClusterPlan, makePlan } from '../plan/index.js';
import { type ConfigText, parsedConfig, readConfigText } from './load.js';

export interface CostOptions {
  readonly config: string;
  readonly env?: string;
  /** Usage in place of the defaults. */
  readonly usage?: Partial<Usage>;
}

export interface Cost extends Bill {
  readonly switches: readonly Saving[];
  /** What the amounts go by, and nobody knows from the config. */
  readonly usage: Usage;
  /** What is not in the bill. */
  readonly notIncluded: readonly string[];
}

/** Refuses a usage that the bill does not know. */
export function checkedUsage(usage: Readonly<Record<string, number>>): Partial<Usage> {
  for (const key of Object.keys(usage)) {
    if (USAGE_KEYS.some(known => known === key)) continue;
    throw new PlatformError('UsageUnknown', `the bill knows no usage "${key}"`, {
      saw: key,
      want: `one of ${USAGE_KEYS.join(', ')}`,
      refused: true,
    });
  }
  return usage;
}

/** What a month costs at list prices, line by line, and what each switch would save. */
export async function costOf({ config, env, usage }: CostOptions): Promise<Cost> {
  return costOfText(await readConfigText(config), { env, usage });
}

type OfConfig = Pick<CostOptions, 'env' | 'usage'>;

function costOfText(read: ConfigText, { env, usage }: OfConfig): Cost {
  const plan = makePlan(parsedConfig(read, env).config, { target: 'cluster' });
  return costOfPlan(plan, { ...defaultUsage(plan), ...usage });
}

function costOfPlan(plan: ClusterPlan, usage: Usage): Cost {
  const today = new Date().toISOString().slice(0, 10);
  const { bill, findings } = billOf(plan, usage, today);
  if (bill === undefined) {
    throw new PlatformError('PriceUnknown', 'there is no price for everything', { findings, refused: true });
  }
  return {
    ...bill,
    switches: savingsOf(plan, bill, usage, today),
    usage,
    notIncluded: notIncluded(plan, usage),
  };
}

const UNUSED: readonly [keyof Usage, string][] = [
  ['natGiB', 'traffic through NAT gateways'],
  ['internetGiB', 'traffic to the internet'],
  ['crossZoneGiB', 'traffic between zones'],
  ['lcu', 'capacity units of the load balancer for HTTP'],
  ['nlcu', 'capacity units of the load balancer for Pulsar'],
  ['buildMinutes', 'builds'],
];

function notIncluded({ config }: ClusterPlan, usage: Usage): string[] {
  return [
    ...UNUSED.filter(([key]) => usage[key] === 0).map(([key, what]) => `${what} (--usage ${key}=…)`),
    ...(config.web.runOn === 'fargate' && usage.containerMetrics === 0
      ? ['metrics of Container Insights (--usage containerMetrics=…)']
      : []),
    'requests to S3, KMS and Secrets Manager',
    'the transcription API',
    ...(config.services.database.kind === 'postgres' ? ['your PostgreSQL server'] : []),
    'support, taxes, discounts, the free tier',
  ];
}

export interface CostDifference {
  readonly before: number;
  readonly after: number;
  readonly lines: readonly { readonly item: string; readonly before: number; readonly after: number }[];
}

type Earlier = z.infer<typeof earlier>;

const earlier = z.object({
  total: z.number(),
  lines: z.array(z.object({ item: z.string(), amount: z.number() })).readonly(),
});

/** The change from another config, or from a bill that `platform cost --json` printed before. */
export async function costDifference(cost: Cost, file: string, options: OfConfig): Promise<CostDifference> {
  const before = await billIn(file, options);
  const items = [...new Set([...before.lines, ...cost.lines].map(({ item }) => item))];
  const amount = (lines: readonly { readonly item: string; readonly amount: number }[], item: string) =>
    lines.filter(line => line.item === item).reduce((sum, line) => sum + line.amount, 0);
  const lines = items
    .map(item => ({ item, before: amount(before.lines, item), after: amount(cost.lines, item) }))
    .filter(line => line.before !== line.after);
  return { before: before.total, after: cost.total, lines };
}

async function billIn(file: string, options: OfConfig): Promise<Earlier> {
  const read = await readConfigText(file);
  if (!read.text.trimStart().startsWith('{')) return costOfText(read, options);
  const { data, error } = earlier.safeParse(parsed(read.text));
  if (data === undefined) {
    throw new PlatformError('BillInvalid', `${file} is no bill`, {
      where: file,
      saw: error.issues[0]?.message,
      refused: true,
    });
  }
  return data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One stacked bar for each environment of the config, or for the one that is asked for. */
export async function costPicture({ config, env, usage }: CostOptions): Promise<string> {
  const read = await readConfigText(config);
  const all = env === undefined ? environmentsOf(read.text) : [env];
  const names = all.length > 0 ? all : [undefined];
  const costs = names.map(name => costOfText(read, { env: name, usage }));
  const values = costs.flatMap(({ lines }, index) =>
    GROUPS.map(group => ({
      environment: names[index] ?? 'platform',
      group,
      order: GROUPS.indexOf(group),
      usd: cents(sum(lines.filter(line => line.group === group))),
    })),
  );
  return toSvg({
    title: {
      text: 'A month at list prices, US dollars',
      subtitle: costs
        .map(({ total }, index) => `${names[index] ?? 'platform'} ${total.toFixed(2)}`)
        .join(' · '),
    },
    width: 560,
    height: { step: 44 },
    data: { values },
    mark: 'bar',
    encoding: {
      y: { field: 'environment', type: 'nominal', title: null },
      x: { field: 'usd', type: 'quantitative', title: null, stack: 'zero' },
      color: { field: 'group', type: 'nominal', title: null, sort: [...GROUPS] },
      order: { field: 'order', type: 'quantitative' },
    },
  });
}
