import type { Config } from '../config/index.js';
import { certificatesOf } from './certificates.js';
import { clusterPlan } from './cluster/index.js';
import type { ClusterPlan } from './cluster/types.js';
import { BROKER_ROLE, type LocalPorts, localGraph, OPERATOR_ROLE } from './local.js';
import { configured, VOICE_SERVICES } from './services.js';
import { namespacesOf, rolesOf, tenantsOf, topicsOf } from './tenants.js';
import type { Plan, ServicePlan } from './types.js';

export interface LocalPlanOptions {
  readonly target: 'local';
  /** Ports that the machine gave, by endpoint id. @default - those of the config */
  readonly ports?: LocalPorts;
  /** Base URL of a transcription API that is used instead of one of this machine. @default - ours */
  readonly speechUrl?: string;
}

export interface ClusterPlanOptions {
  readonly target: 'cluster';
}

export type PlanOptions = LocalPlanOptions | ClusterPlanOptions;

/** Config → Plan. Pure: the same config gives the same plan. */
export function makePlan(config: Config, options: ClusterPlanOptions): ClusterPlan;
export function makePlan(config: Config, options: PlanOptions): Plan;
export function makePlan(config: Config, options: PlanOptions): Plan {
  return options.target === 'cluster' ? clusterPlan(config) : localPlan(config, options);
}

function localPlan(config: Config, { ports = {}, speechUrl }: LocalPlanOptions): Plan {
  const services = configured(config, VOICE_SERVICES);
  const graph = localGraph(config, services, ports, speechUrl);
  return {
    name: config.name,
    region: config.region,
    target: 'local',
    ...graph,
    certificates: certificatesOf(config, graph, name => name !== 'speech' || speechUrl === undefined),
    tenants: tenantsOf(config),
    namespaces: namespacesOf(config),
    topics: topicsOf(config),
    roles: rolesOf(config, [BROKER_ROLE, OPERATOR_ROLE], services),
    buckets: bucketsOf(services).map(alias => ({ alias, name: alias })),
    services,
  };
}

function bucketsOf(services: readonly ServicePlan[]): string[] {
  return [...new Set(services.flatMap(({ reads, writes }) => [...reads, ...writes]))].sort();
}
