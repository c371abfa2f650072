import { type Config, toSeconds } from '../config/index.js';
import { certificatesOf } from './certificates.js';
import { BROKER_ROLE, type LocalPorts, localGraph, OPERATOR_ROLE } from './local.js';
import { VOICE_SERVICES, voiceTopics } from './services.js';
import type { Plan, Role, ServicePlan } from './types.js';

export interface PlanOptions {
  readonly target: 'local';
  /** Ports that the machine gave, by endpoint id. @default - those of the config */
  readonly ports?: LocalPorts;
}

/** Config → Plan. Pure: the same config gives the same plan. */
export function makePlan(config: Config, options: PlanOptions): Plan {
  const services = VOICE_SERVICES;
  const graph = localGraph(config, services, options.ports ?? {});
  const { tenant, namespace, retention } = config.pulsar;
  return {
    name: config.name,
    region: config.region,
    target: options.target,
    ...graph,
    certificates: certificatesOf(config, graph.workloads, graph.endpoints, graph.dials),
    tenants: [tenant],
    namespaces: [
      {
        name: `${tenant}/${namespace}`,
        retention: { seconds: toSeconds(retention.time), sizeMiB: retention.sizeMiB },
      },
    ],
    topics: voiceTopics(config),
    roles: [superUser(BROKER_ROLE), superUser(OPERATOR_ROLE), ...services.map(roleOf)],
    buckets: bucketsOf(services).map(alias => ({ alias, name: alias })),
    services,
  };
}

function roleOf({ name, produces, consumes }: ServicePlan): Role {
  return { name, superUser: false, produces, consumes };
}

function superUser(name: string): Role {
  return { name, superUser: true, produces: [], consumes: [] };
}

function bucketsOf(services: readonly ServicePlan[]): string[] {
  return [...new Set(services.flatMap(({ reads, writes }) => [...reads, ...writes]))].sort();
}
