import type { Config } from '../../config/index.js';
import { type ClusterPlan, makePlan } from '../../plan/index.js';
import { type Bill, billOf, cents } from './bill.js';
import { onGraviton } from './instances.js';
import type { Usage } from './usage.js';

export interface Saving {
  /** The setting. */
  readonly name: string;
  /** US dollars a month; less than nothing when it would cost more. */
  readonly saves: number;
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

/** What each switch that is not thrown would save. */
export function savingsOf(plan: ClusterPlan, bill: Bill, usage: Usage, today: string): Saving[] {
  return SWITCHES.flatMap(({ name, thrown, only }) => {
    const config = thrown(plan.config);
    const other = config && billOf(makePlan(config, { target: 'cluster' }), usage, today).bill;
    if (other === undefined) return [];
    const amount = ({ lines }: Bill) =>
      lines.filter(({ item }) => only?.includes(item) ?? true).reduce((sum, line) => sum + line.amount, 0);
    return [{ name, saves: cents(amount(bill) - amount(other)) }];
  });
}
