import type { Config } from '../../config/index.js';
import { type ClusterPlan, makePlan } from '../../plan/index.js';
import { type Bill, billOf, cents } from './bill.js';
import { onGraviton } from './instances.js';
import { PRICES, priceRegionOf } from './prices.js';
import type { Usage } from './usage.js';

export interface Saving {
  /** The setting. */
  readonly name: string;
  /** US dollars a month; less than nothing when it would cost more. */
  readonly saves: number;
  /** When it is worth it. @default - always */
  readonly note?: string;
}

interface Switch {
  readonly name: string;
  /** The config with the switch thrown; undefined when it is so already. */
  readonly thrown: (config: Config) => Config | undefined;
  /** The lines that it is about. @default - all */
  readonly only?: readonly string[];
}

const NAT_ADDRESSES = 'public IPv4 addresses of NAT gateways';

const SWITCHES: readonly Switch[] = [
  { name: 'network.nat: single (gateways)', thrown: singleNat, only: ['NAT gateways'] },
  { name: 'network.nat: single (their public IPv4 addresses)', thrown: singleNat, only: [NAT_ADDRESSES] },
  {
    name: 'tls.issuer.mode: short-lived',
    thrown: config => {
      const { issuer } = config.tls;
      const can = issuer.kind === 'awsPrivateCa' && issuer.mode === 'general';
      return can
        ? { ...config, tls: { ...config.tls, issuer: { ...issuer, mode: 'short-lived' } } }
        : undefined;
    },
  },
  { name: 'nodes.architecture: arm64', thrown: graviton },
  {
    name: 'nodes.stateless.spot: true',
    thrown: config => {
      const { stateless } = config.nodes;
      const can = stateless.kind === 'karpenter' && !stateless.spot;
      return can
        ? { ...config, nodes: { ...config.nodes, stateless: { ...stateless, spot: true } } }
        : undefined;
    },
  },
  { name: 'web.runOn: fargate', thrown: config => runningOn(config, 'fargate') },
  { name: 'web.runOn: eks', thrown: config => runningOn(config, 'eks') },
];

function singleNat(config: Config): Config | undefined {
  const { nat } = config.network;
  return nat === 'single' ? undefined : { ...config, network: { ...config.network, nat: 'single' } };
}

function graviton(config: Config): Config | undefined {
  const { nodes } = config;
  const stateful = onGraviton(nodes.stateful.instanceType);
  const edge = onGraviton(nodes.edge.instanceType);
  const { stateless } = nodes;
  const other = onGraviton(
    stateless.kind === 'managed' ? stateless.instanceType : stateless.systemInstanceType,
  );
  if (nodes.architecture === 'arm64' || !stateful || !edge || !other) return undefined;
  return {
    ...config,
    nodes: {
      architecture: 'arm64',
      stateful: { ...nodes.stateful, instanceType: stateful },
      edge: { ...nodes.edge, instanceType: edge },
      stateless:
        stateless.kind === 'managed'
          ? { ...stateless, instanceType: other }
          : { ...stateless, systemInstanceType: other },
    },
  };
}

function runningOn(config: Config, runOn: Config['web']['runOn']): Config | undefined {
  return config.web.runOn === runOn ? undefined : { ...config, web: { ...config.web, runOn } };
}

/** Endpoints whose traffic would else go through NAT gateways: the images, and what operators ask all day. */
const ENDPOINTS = ['ecr', 'sts', 'acm-pca', 'secretsmanager'] as const;

/** What each interface endpoint costs or its absence saves, and from how much traffic on it pays. */
function endpointSavings(plan: ClusterPlan, bill: Bill, usage: Usage, today: string): Saving[] {
  const { config, region } = plan;
  const prices = priceRegionOf(region);
  const { endpoints } = config.network;
  if (prices === undefined) return [];
  const gained = PRICES.natGiB.usd[prices] - PRICES.endpointGiB.usd[prices];
  return ENDPOINTS.flatMap(endpoint => {
    const has = endpoints.includes(endpoint);
    const other = has ? endpoints.filter(each => each !== endpoint) : [...endpoints, endpoint];
    const thrown = { ...config, network: { ...config.network, endpoints: other } };
    const changed = billOf(makePlan(thrown, { target: 'cluster' }), usage, today).bill;
    if (changed === undefined) return [];
    const saves = cents(bill.total - changed.total);
    const gib = Math.ceil(Math.abs(saves) / gained);
    return [
      {
        name: `network.endpoints: ${has ? 'without' : 'with'} ${endpoint}`,
        saves,
        note: `the endpoint pays from ${gib} GiB a month on that would go through NAT gateways`,
      },
    ];
  });
}

/** What each switch that is not thrown would save. */
export function savingsOf(plan: ClusterPlan, bill: Bill, usage: Usage, today: string): Saving[] {
  const others = SWITCHES.flatMap(({ name, thrown, only }) => {
    const config = thrown(plan.config);
    const other = config && billOf(makePlan(config, { target: 'cluster' }), usage, today).bill;
    if (other === undefined) return [];
    const amount = ({ lines }: Bill) =>
      lines.filter(({ item }) => only?.includes(item) ?? true).reduce((sum, line) => sum + line.amount, 0);
    return [{ name, saves: cents(amount(bill) - amount(other)) }];
  });
  return [...others, ...endpointSavings(plan, bill, usage, today)];
}
